/** Start of the query key of everything this page shows. */
export const domainsKey = ['get', '/api/app/sender-domains'];
