import { describe, expect, it } from 'vitest';
import type { ChoiceOption, Field, ObjectType } from '@/api/types';
import { stageField, stagesOf, stageState } from './stage-field';

const option = (key: string, meaning: string, more: Partial<ChoiceOption> = {}): ChoiceOption => ({ key, labels: { en: key }, meaning, ...more });
const field = (name: string, meanings: string[], options: ChoiceOption[] = [], within?: string): Field =>
  ({ name, kind: 'choice', is_retired: false, settings: { meanings, options, within } }) as unknown as Field;

const stages = [
  option('new', 'open'),
  option('repair_seen', 'open', { within: 'repairs' }),
  option('offer', 'open', { within: 'sales' }),
  option('old', 'open', { is_retired: true }),
  option('won', 'won'),
  option('lost', 'lost'),
];
const stage = field('stage', ['open', 'won', 'lost'], stages, 'pipeline');
const keys = (values: Record<string, string>): string[] => stagesOf(stage, { values }).map(({ key }) => key);

describe('stages', () => {
  it('are those of a field that tells a good end from a bad one', () => {
    expect(stageField({ fields: [field('status', ['open', 'closed']), stage] } as unknown as ObjectType)).toBe(stage);
    expect(stageField({ fields: [field('status', ['open', 'closed'])] } as unknown as ObjectType)).toBeUndefined();
  });

  it('are those of the pipeline, and the own one though it is offered no more', () => {
    expect(keys({ pipeline: 'sales', stage: 'new' })).toEqual(['new', 'offer', 'won', 'lost']);
    expect(keys({ pipeline: 'repairs', stage: 'old' })).toEqual(['new', 'repair_seen', 'old', 'won', 'lost']);
  });

  it('lie behind a record or ahead; what was lost has left them', () => {
    const way = stagesOf(stage, { values: { pipeline: 'sales', stage: 'offer' } });
    const states = (current: number): string[] => way.map((_, at) => stageState(way, at, current));
    expect(states(1)).toEqual(['passed', 'current', 'ahead', 'ahead']);
    expect(states(2)).toEqual(['passed', 'passed', 'current', 'ahead']);
    expect(states(3)).toEqual(['ahead', 'ahead', 'ahead', 'current']);
  });
});
