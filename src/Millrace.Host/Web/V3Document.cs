using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;

namespace Millrace.Host.Web;

/// <summary>The OpenAPI document of <c>/api/3</c>, <c>/api/docs/v3.json</c>: paths from the routes, filters and links from the resources, bodies from what routes say they take.</summary>
internal static class V3Document
{
    private const string Scheme = "Api-Token";

    public static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/3/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Millrace API v3";
            document.Info.Version = "3";
            document.Info.Description = "Compatible with the ActiveCampaign API v3. Make a key under Settings, API keys, and press Authorize.";
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Scheme },
            };
            Group(document);
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var mark in context.Description.ActionDescriptor.EndpointMetadata)
            {
                switch (mark)
                {
                    case V3Read read:
                        Read(operation, read);
                        break;
                    case V3Takes takes:
                        Takes(operation, takes);
                        break;
                    default:
                        break;
                }
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Groups the routes by the resource that their path begins with.</summary>
    private static void Group(OpenApiDocument document)
    {
        document.Tags = document.Paths.Keys.Select(ResourceOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new OpenApiTag { Name = name }).ToHashSet();
        foreach (var (path, item) in document.Paths)
        {
            foreach (var operation in item.Operations?.Values.ToList() ?? [])
            {
                operation.Tags = new HashSet<OpenApiTagReference> { new(ResourceOf(path), document) };
            }
        }
    }

    private static string ResourceOf(string path) => path.Split('/')[3];

    private static void Read(OpenApiOperation operation, V3Read read)
    {
        operation.Summary = read switch
        {
            { Relation: { } relation } => $"{relation.Name} of one of the {read.Resource.Plural}",
            { IsList: true } => $"All {read.Resource.Plural}, a page at a time",
            _ => $"One {read.Resource.Singular}",
        };
        operation.Parameters ??= [];
        if (read.IsList)
        {
            Query(operation, "limit", "Records of a page, 1 to 100.");
            Query(operation, "offset", "Records to pass over.");
            foreach (var name in read.Resource.FilterNames)
            {
                Query(operation, $"filters[{name}]", "Equal to this; filters[name][op] with neq, lt, lte, gt, gte, contains or starts_with.");
                Query(operation, $"orders[{name}]", "ASC or DESC.");
            }
        }

        if (read.Relation is null && read.Resource.Relations.Count > 0)
        {
            Query(operation, "include", $"Beside the records, as chains such as a.b: {string.Join(", ", read.Resource.Relations.Where(r => !r.Elsewhere).Select(r => r.Name))}.");
        }
    }

    private static void Query(OpenApiOperation operation, string name, string description) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    private static void Takes(OpenApiOperation operation, V3Takes takes)
    {
        operation.Summary = takes.Summary;
        var sample = Sample(takes.Body, 0);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new() { Example = takes.Wrapper is { } wrapper ? new JsonObject { [wrapper] = sample } : sample, Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
            },
        };
    }

    /// <summary>A body with every member, as the dialect names them.</summary>
    private static JsonNode Sample(Type type, int depth)
    {
        if (type == typeof(string) || type == typeof(V3Id))
        {
            return type == typeof(string) ? "text" : "1";
        }

        var element = type.IsGenericType ? type.GetGenericArguments()[^1] : type.GetElementType();
        return element is not null && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? new JsonArray(Sample(element, depth + 1))
            : type.IsClass && depth < 4 ? new JsonObject(V3Json.Options.GetTypeInfo(type).Properties
                .Where(p => p.Get is not null).Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Sample(p.PropertyType, depth + 1))))
            : "1";
    }
}
