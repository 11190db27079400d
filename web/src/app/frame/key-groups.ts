/** Every key that the screens listen to, as the list behind `?` shows it. */
export interface KeyEntry {
  /** Ways to the same thing. */
  keys: string[];
  /** The end of the name of its text: `keys.create`. */
  text: string;
}

export interface KeyGroup {
  title: 'everywhere' | 'list' | 'sheet' | 'board' | 'calendar' | 'map' | 'card' | 'form' | 'duplicates';
  entries: KeyEntry[];
}

/** `mod` names a key together with ⌘ or Ctrl. */
export function keyGroups(mod: (key: string) => string): KeyGroup[] {
  return [
    {
      title: 'everywhere',
      entries: [
        { keys: [mod('K')], text: 'palette' },
        { keys: ['C'], text: 'create' },
        { keys: ['/'], text: 'search_list' },
        { keys: ['Alt ↓'], text: 'glance' },
        { keys: ['?'], text: 'help' },
        { keys: ['Esc'], text: 'escape' },
      ],
    },
    {
      title: 'card',
      entries: [
        { keys: ['J', 'K'], text: 'next_previous' },
        { keys: ['Esc'], text: 'back_to_list' },
        { keys: ['M'], text: 'minimise' },
        { keys: ['F'], text: 'follow' },
        { keys: ['Enter'], text: 'save_field' },
        { keys: [mod('Enter')], text: 'save_block' },
        { keys: ['Esc'], text: 'leave_field' },
      ],
    },
    {
      title: 'list',
      entries: [
        { keys: ['↑', '↓'], text: 'move_rows' },
        { keys: ['←', '→'], text: 'move_cells' },
        { keys: ['PgUp', 'PgDn'], text: 'move_page' },
        { keys: ['Home', 'End'], text: 'move_ends' },
        { keys: ['Enter'], text: 'open_panel' },
        { keys: [mod('Enter')], text: 'open_page' },
        { keys: ['Space'], text: 'preview' },
        { keys: ['Shift Space'], text: 'select' },
        { keys: ['Shift ↑', 'Shift ↓'], text: 'select_range' },
        { keys: ['Shift click'], text: 'select_to' },
        { keys: [mod('A')], text: 'select_all' },
        { keys: ['F2'], text: 'edit_cell' },
        { keys: ['Shift F10'], text: 'row_menu' },
        { keys: ['A…Z'], text: 'type_to_search' },
        { keys: ['Del'], text: 'delete' },
        { keys: ['Esc'], text: 'unselect' },
      ],
    },
    {
      title: 'board',
      entries: [
        { keys: ['↑', '↓', '←', '→'], text: 'board_next' },
        { keys: ['Enter'], text: 'board_open' },
        { keys: ['Space'], text: 'board_lift' },
        { keys: ['←', '→'], text: 'board_carry' },
        { keys: ['Esc'], text: 'board_cancel' },
      ],
    },
    {
      title: 'calendar',
      entries: [
        { keys: ['←', '→', 'T'], text: 'calendar_page' },
        { keys: ['D', 'W', 'M', 'A'], text: 'calendar_view' },
        { keys: ['N'], text: 'calendar_new' },
        { keys: ['↑', '↓'], text: 'calendar_next' },
        { keys: ['Shift ↑', 'Shift →', mod('Shift ↓')], text: 'calendar_move' },
      ],
    },
    {
      title: 'map',
      entries: [
        { keys: ['+', '−'], text: 'map_zoom' },
        { keys: ['↑', '↓', '←', '→'], text: 'map_next' },
        { keys: ['Enter'], text: 'map_open' },
        { keys: ['L'], text: 'map_lasso' },
      ],
    },
    {
      title: 'sheet',
      entries: [
        { keys: ['Shift ↑', 'Shift →'], text: 'choose_cells' },
        { keys: [mod('C'), mod('X'), mod('V')], text: 'clipboard' },
        { keys: [mod('D'), mod('R')], text: 'fill' },
        { keys: ['Enter', 'F2', 'A…Z'], text: 'write_cell' },
        { keys: ['Del'], text: 'empty_cells' },
        { keys: [mod('Z')], text: 'undo_last' },
      ],
    },
    {
      title: 'form',
      entries: [
        { keys: [mod('Enter')], text: 'save_form' },
        { keys: [mod('Shift Enter')], text: 'save_form_and_new' },
      ],
    },
    {
      title: 'duplicates',
      entries: [
        { keys: ['J', 'K'], text: 'next_previous_group' },
        { keys: ['M'], text: 'merge' },
        { keys: ['N'], text: 'not_duplicates' },
      ],
    },
  ];
}
