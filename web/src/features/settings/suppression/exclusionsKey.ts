/** Start of the query key of the exclusion list. */
export const exclusionsKey = ['get', '/api/app/exclusions'];
