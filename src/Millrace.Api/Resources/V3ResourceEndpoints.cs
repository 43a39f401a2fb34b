using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Api.Dialect;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Api.Resources;

/// <summary>The reading routes of every <see cref="V3Resource"/>: collection, record, and one for each relation.</summary>
internal sealed class V3ResourceEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        foreach (var resource in ((IEndpointRouteBuilder)routes.V3).ServiceProvider.GetRequiredService<V3Resources>().All)
        {
            if (resource.IsListed)
            {
                routes.V3.MapGet(resource.Plural, (V3Call call) => resource.ListAsync(call))
                    .RequirePermission(resource.Permission).WithMetadata(new V3Read(resource, null, IsList: true));
            }

            if (!resource.IsRead)
            {
                continue;
            }

            routes.V3.MapGet($"{resource.Plural}/{{id}}", (string id, V3Call call) => resource.ReadAsync(call, V3Id.Parse(id)))
                .RequirePermission(resource.Permission).WithMetadata(new V3Read(resource, null, IsList: false));
            foreach (var relation in resource.Relations.Where(r => !r.Elsewhere))
            {
                routes.V3.MapGet($"{resource.Plural}/{{id}}/{relation.Name}", (string id, V3Call call) => Related(resource, relation, V3Id.Parse(id), call))
                    .RequirePermission(resource.Permission).WithMetadata(new V3Read(resource, relation, IsList: relation.Paged));
            }
        }
    }

    private static async Task<V3Result> Related(V3Resource resource, V3Relation relation, long id, V3Call call)
    {
        if (!relation.Paged || call.Resources.Find(relation.Target!) is not { } target)
        {
            return await resource.RelatedAsync(call, id, relation);
        }

        await call.ReadAsync(async work => (await resource.ByIdsAsync(work, call, [id])).Count == 0 ? throw V3Errors.NoResult(resource.Model, id) : V3Result.Empty);
        return await target.ListOfAsync(call, resource.Plural, id);
    }
}

/// <summary>What a reading route shows; the OpenAPI document tells it.</summary>
public sealed record V3Read(V3Resource Resource, V3Relation? Relation, bool IsList);
