using Microsoft.AspNetCore.Builder;

namespace Millrace.Api.Resources;

/// <summary>What a writing route takes; the OpenAPI document tells it. The body itself is read by its content (<see cref="Dialect.V3Body"/>).</summary>
/// <param name="Wrapper">Root member; null when the body has none.</param>
public sealed record V3Takes(Type Body, string? Wrapper, string Summary);

public static class V3TakesRoutes
{
    /// <summary>Describes the body and says in a sentence what the route does.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder route, string? wrapper, string summary) =>
        route.WithMetadata(new V3Takes(typeof(TBody), wrapper, summary));
}
