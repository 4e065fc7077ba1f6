/** Where database, pictures and users are when `store.path` is not written. */
export const STATE_FOLDER = '/var/lib/lanewarden';
