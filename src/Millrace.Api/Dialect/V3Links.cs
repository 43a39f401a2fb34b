using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Dialect;

/// <summary>Absolute addresses in <c>links</c> members.</summary>
public static class V3Links
{
    /// <summary><c>https://host/api/3/contacts/7/contactTags</c> for each relation.</summary>
    public static IReadOnlyDictionary<string, string> Of(HttpRequest request, string resource, long id, params IReadOnlyList<string> relations) =>
        relations.ToDictionary(
            r => r,
            r => string.Create(CultureInfo.InvariantCulture, $"{request.Scheme}://{request.Host}/api/3/{resource}/{id}/{r}"),
            StringComparer.Ordinal);
}
