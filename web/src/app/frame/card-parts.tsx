/** What modules add to cards, by the type of the record: blocks at the right, tools in the menu. */
import { IconEraser, IconEye, IconEyeOff, IconFileDownload } from '@tabler/icons-react';
import type { CardTool } from '@/records/card/card-tools';
import type { RelatedProps } from '@/records/card/related-blocks';
import { lazyPart } from '@/ui/lazy-part';
import { loadModuleTexts } from '../i18n';

/** A part of a module that is drawn outside its screens; its texts come with it. */
function withTexts<Part>(load: () => Promise<Part>): () => Promise<Part> {
  return async () => (await Promise.all([load(), loadModuleTexts()]))[0];
}

const ContactRelated = lazyPart(() => import('@/modules/contacts/ContactRelated'), 'ContactRelated');
const EmployeeHours = lazyPart(withTexts(() => import('@/modules/schedules/EmployeeHours')), 'EmployeeHours');
const Consents = lazyPart(withTexts(() => import('@/modules/personal-data/Consents')), 'Consents');

function OfContact(props: RelatedProps) {
  return (
    <>
      <ContactRelated {...props} />
      {props.record.values.employee_user != null && <EmployeeHours {...props} />}
      <Consents {...props} />
    </>
  );
}

export const RELATED_BLOCKS = { contact: OfContact };

export const CARD_TOOLS: Readonly<Record<string, readonly CardTool[]>> = {
  contact: [
    {
      key: 'person_export',
      Icon: IconFileDownload,
      feature: 'personal_data',
      isForErased: true,
      Dialog: lazyPart(withTexts(() => import('@/modules/personal-data/ExportDialog')), 'ExportDialog'),
    },
    {
      key: 'person_restrict',
      Icon: IconEyeOff,
      feature: 'personal_data',
      isFor: (record) => record.is_restricted !== true,
      isForErased: false,
      Dialog: lazyPart(withTexts(() => import('@/modules/personal-data/RestrictDialog')), 'RestrictDialog'),
    },
    {
      key: 'person_lift',
      Icon: IconEye,
      feature: 'personal_data',
      isFor: (record) => record.is_restricted === true,
      isForErased: false,
      Dialog: lazyPart(withTexts(() => import('@/modules/personal-data/LiftDialog')), 'LiftDialog'),
    },
    {
      key: 'person_erase',
      Icon: IconEraser,
      isDangerous: true,
      feature: 'personal_data',
      isForErased: false,
      Dialog: lazyPart(withTexts(() => import('@/modules/personal-data/EraseDialog')), 'EraseDialog'),
    },
  ],
};
