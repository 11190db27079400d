/** Names that the screens of lines share. */
export const LINE_TYPE = 'line_item';
export const PRODUCT_TYPE = 'product';
export const TAX_TYPE = 'tax';
export const ORDER_TYPE = 'order';
export const DEAL_TYPE = 'deal';
