/** What options of choice fields mean to the program. */
export interface OptionTraits {
  /** One of the meanings of the field. */
  meaning?: string;
  /** Chance of success, 0 to 100. */
  percent?: number;
  /** The option of the field above under which it is offered; under all without one. */
  within?: string;
  /** A record that stands in it for more days is stale. */
  max_days?: number;
  /** So many cards shall stand in its column at once; a sign, and no lock. */
  max_records?: number;
  /** The teams that are offered it for new records; everybody without. */
  teams?: number[];
  /** Fields that must not be empty when a record comes into it. */
  requires?: string[];
}

/** The same of the field as a whole. */
export interface ChoiceTraits {
  meanings?: string[];
  /** Another choice field, under whose options those of this one are offered. */
  within?: string | null;
}
