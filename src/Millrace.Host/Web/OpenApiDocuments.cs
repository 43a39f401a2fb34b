using Microsoft.AspNetCore.OpenApi;

namespace Millrace.Host.Web;

/// <summary>OpenAPI of <c>/api/app</c>, from the endpoints themselves: <c>/api/docs/app.json</c>. The UI's client is generated from it.</summary>
internal static class OpenApiDocuments
{
    public static void AddOpenApiDocuments(this WebApplicationBuilder builder) => builder.Services.AddOpenApi("v3", V3Document.Describe).AddOpenApi("app", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/app/", StringComparison.Ordinal) == true;
        options.CreateSchemaReferenceId = SchemaName;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Millrace";
            document.Info.Version = "1";
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
    });

    public static void MapOpenApiDocuments(this WebApplication app) => app.MapOpenApi("/api/docs/{documentName}.json").AllowAnonymous();

    /// <summary>Nested records would collide under their inner names: CreateTag.Request becomes CreateTagRequest, SessionEndpoints.SessionView stays SessionView.</summary>
    private static string? SchemaName(System.Text.Json.Serialization.Metadata.JsonTypeInfo type)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name || type.Type.DeclaringType is not { } declaring)
        {
            return OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        }

        var outer = declaring.Name.Replace("Endpoints", string.Empty, StringComparison.Ordinal).Replace("Resource", string.Empty, StringComparison.Ordinal);
        return name.StartsWith(outer, StringComparison.Ordinal) ? name : outer + name;
    }
}
