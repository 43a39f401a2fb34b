using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary>Automations as documents: import (JSON or YAML, names instead of ids) and export.</summary>
internal sealed class DocumentEndpoints : IEndpoint
{
    private const int Limit = 2_000_000;
    private static readonly string[] Frame = ["name", "description", "create"];
    private static readonly string[] Body = ["entry", "unsubscribe_lists", "exit_on_unsubscribe", "triggers", "steps", "notes"];
    private static readonly string[] Top = [.. Frame, .. Body];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("automations/import", Import).WithName("app_automation_import")
            .Accepts<JsonElement>("application/json", "application/yaml", "text/yaml").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("automations/{id:long}/export", Export).WithName("app_automation_export").RequirePermission(Permission.ViewAutomations);
    }

    /// <param name="Id">A number in a string.</param>
    internal sealed record ImportResult(string Id, IReadOnlyList<FlowProblem> Warnings);

    private static async Task<Ok<ImportResult>> Import(
        HttpRequest request, CurrentAccount account, DocumentNames names, DocumentNodes nodes, FlowReader reader, FlowChecks checks, AutomationDrafts drafts,
        Publishing publishing, TimeProvider clock, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken, bool activate = false)
    {
        var document = await ReadAsync(request, cancellationToken);
        var errors = new List<FieldError>();
        errors.AddRange(document.Select(m => m.Key).Where(k => !Top.Contains(k)).Select(k => new FieldError("/" + k, "unknown_key", $"There is no {k} in an automation.")));
        var name = Text(document, "name", errors) ?? string.Empty;
        var description = Text(document, "description", errors);
        var create = document["create"] is JsonValue flag && flag.TryGetValue<bool>(out var asked) ? asked : document["create"] is not null && Wrong(errors, "/create");
        foreach (var frame in Frame.Concat(document.Select(m => m.Key).Where(k => !Top.Contains(k)).ToList()))
        {
            document.Remove(frame);
        }

        nodes.FillIds(document);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var missing = await names.ToIdsAsync(work, account.Id, document, create, clock.GetUtcNow(), cancellationToken);
        errors.AddRange(missing);
        var known = missing.Select(m => m.Path).ToHashSet(StringComparer.Ordinal);

        // What could not be translated is told once, as missing, not once more as of the wrong type.
        errors.AddRange(reader.Read(JsonElement.Parse(document.ToJsonString())).Problems.Where(p => !known.Contains(p.Path)).Select(p => p.AsError()));
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        var id = await drafts.CreateAsync(work.Transaction, account.Id, account.UserId, name, description, document, cancellationToken);
        var (_, problems) = await checks.CheckAsync(work, account.Id, null, JsonElement.Parse(document.ToJsonString()), cancellationToken);
        if (activate)
        {
            await publishing.PublishAsync(work, account.Id, id, account.UserId, cancellationToken);
            await publishing.ActivateAsync(work, account.Id, id, account.UserId, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.Ok(new ImportResult(id.ToString(CultureInfo.InvariantCulture), problems));
    }

    private static async Task<Ok<JsonElement>> Export(
        long id, CurrentAccount account, DocumentNames names, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var draft = (JsonObject)JsonNode.Parse(row.Draft.GetRawText())!;
        await names.ToNamesAsync(work, account.Id, draft, cancellationToken);
        var document = new JsonObject { ["name"] = row.Name };
        if (row.Description.Length > 0)
        {
            document["description"] = row.Description;
        }

        foreach (var key in Body.Where(draft.ContainsKey))
        {
            document[key] = draft[key]?.DeepClone();
        }

        return TypedResults.Ok(JsonElement.Parse(document.ToJsonString()));
    }

    private static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit)
        {
            throw new TooLargeException("A document may hold two megabytes.");
        }

        using var reader = new StreamReader(request.Body, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
        var buffer = new char[Limit + 1];
        string text;
        try
        {
            var length = await reader.ReadBlockAsync(buffer, cancellationToken);
            text = length <= Limit ? new string(buffer, 0, length) : throw new TooLargeException("A document may hold two megabytes.");
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw new MalformedRequestException("The document is not valid UTF-8.");
        }

        JsonNode? root;
        if (request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) == true)
        {
            root = YamlDocument.Read(text);
        }
        else
        {
            try
            {
                root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            }
            catch (JsonException)
            {
                throw new MalformedRequestException("The body is not valid JSON.");
            }
        }

        return root as JsonObject ?? throw new InvalidInputException("/", "wrong_type", "An object is needed here.");
    }

    private static string? Text(JsonObject document, string key, List<FieldError> errors)
    {
        if (document[key] is null)
        {
            return null;
        }

        if (document[key] is JsonValue value && value.TryGetValue<string>(out var text))
        {
            return text;
        }

        Wrong(errors, "/" + key);
        return null;
    }

    private static bool Wrong(List<FieldError> errors, string path)
    {
        errors.Add(new FieldError(path, "wrong_type", "This value has the wrong type."));
        return false;
    }
}
