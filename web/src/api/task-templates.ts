/** Templates of tasks: what one would make, and making it. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import { forgetRecords } from './records';
import type { Job, RecordReference } from './types';

export interface PlannedTask {
  line: number;
  title: string;
  category: string | null;
  starts_at: string | null;
  deadline: string | null;
  description: string | null;
  /** Null while it depends on a record that is not named. */
  responsible: RecordReference | null;
  checklist: readonly string[];
}

export interface TemplatePlan {
  /** Whether a date must be chosen before there is a plan. */
  needs_date: boolean;
  tasks: readonly PlannedTask[];
}

/** For what a template is used: one record, or many that are ticked. */
export interface TemplateUse {
  record_type?: string;
  record?: number;
  date?: string;
}

/** Moments count from now: what was shown a while ago is asked again. */
export function templatePlanQuery(template: number, use: TemplateUse) {
  return queryOptions({
    queryKey: ['task_template_plan', template, use],
    queryFn: ({ signal }) => api.get<TemplatePlan>(`/task-templates/${template}/plan`, { ...use }, signal),
    staleTime: 0,
    gcTime: 60_000,
    retry: false,
  });
}

/** Makes the tasks of a template, all in one operation. */
export function useTaskTemplate(template: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (use: TemplateUse & { left_out: readonly number[] }) =>
      api.post<{ task_ids: number[]; operation_id: number | null }>(`/task-templates/${template}/use`, use, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => {
      forgetRecords(client, 'task');
      void client.invalidateQueries({ queryKey: keys.work });
    },
  });
}

/** The same for each of many records, in a job. */
export function useTaskTemplateForEach(template: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (use: { record_type: string; ids?: readonly number[]; filter?: string; date?: string; left_out: readonly number[] }) =>
      api.post<{ job: Job }>(`/task-templates/${template}/use-for-each`, use, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}
