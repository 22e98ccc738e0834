/** A text with `{names}` in it, or one for a single thing and one for all other numbers. */
export type Text = string | { readonly one: string; readonly other: string };
