/** Start of the query key of everything this page shows. */
export const sendingKey = ['get', '/api/app/sending'];
