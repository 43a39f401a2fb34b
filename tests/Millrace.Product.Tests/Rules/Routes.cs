using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Product.Tests.Rules;

/// <summary>One method of one mapped route.</summary>
/// <param name="Pattern">With a leading slash and placeholders, for example <c>/api/3/tags/{id}</c>.</param>
internal sealed partial record Route(string Method, string Pattern, RouteEndpoint Endpoint)
{
    public bool IsV3 => Pattern.StartsWith("/api/3/", StringComparison.Ordinal);

    public bool IsApp => Pattern.StartsWith("/api/app/", StringComparison.Ordinal);

    public bool IsApi => IsV3 || IsApp;

    /// <summary>The path with every placeholder replaced; the placeholder comes without braces and constraint.</summary>
    public string Fill(Func<string, string> value) => Placeholder().Replace(Pattern, m => Uri.EscapeDataString(value(m.Groups[1].Value)));

    public bool HasPlaceholder => Pattern.Contains('{', StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Pattern}";

    /// <summary>Every route of the running server, in a stable order.</summary>
    public static List<Route> All(TestKit.Product product) =>
    [
        .. product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => new Route(m, "/" + e.RoutePattern.RawText!.TrimStart('/'), e)))
            .OrderBy(r => r.Pattern, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal),
    ];

    [GeneratedRegex("\\{\\**([A-Za-z]+)[^}]*\\}")]
    private static partial Regex Placeholder();
}
