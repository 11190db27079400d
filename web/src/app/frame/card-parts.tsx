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
const DealPeople = lazyPart(withTexts(() => import('@/modules/deals/DealPeople')), 'DealPeople');
const DealRoles = lazyPart(withTexts(() => import('@/modules/deals/DealRoles')), 'DealRoles');
const Lines = lazyPart(withTexts(() => import('@/modules/deals/Lines')), 'Lines');
const Checklist = lazyPart(withTexts(() => import('@/modules/work/Checklist')), 'Checklist');
const FreeBlock = lazyPart(withTexts(() => import('@/modules/calendar/FreeBlock')), 'FreeBlock');
const TemplateTasks = lazyPart(withTexts(() => import('@/modules/work/TemplateTasks')), 'TemplateTasks');
const Consents = lazyPart(withTexts(() => import('@/modules/personal-data/Consents')), 'Consents');

function OfContact(props: RelatedProps) {
  return (
    <>
      <ContactRelated {...props} />
      {props.record.values.employee_user != null && <EmployeeHours {...props} />}
      <DealRoles {...props} />
      <Consents {...props} />
    </>
  );
}

export const RELATED_BLOCKS = { contact: OfContact, deal: DealPeople, task: Checklist, event: FreeBlock };

/** What is worked on in the middle of a card. */
export const MAIN_BLOCKS = { deal: Lines, order: Lines, task_template: TemplateTasks };

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
