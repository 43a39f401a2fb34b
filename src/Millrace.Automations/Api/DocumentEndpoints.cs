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
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary>Automations as documents: import (JSON or YAML, names instead of ids) and export.</summary>
internal sealed class DocumentEndpoints : IEndpoint
{
    private const int Limit = 2_000_000;
    private static readonly string[] Frame = ["name", "description", "create", "use"];
    private static readonly string[] Body = ["entry", "unsubscribe_lists", "exit_on_unsubscribe", "exit_when", "triggers", "steps", "notes"];
    private static readonly string[] Top = [.. Frame, .. Body];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("automations/import", Import).WithName("app_automation_import")
            .Accepts<JsonElement>("application/json", "application/yaml", "text/yaml").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/import/preview", Preview).WithName("app_automation_import_preview")
            .Accepts<JsonElement>("application/json", "application/yaml", "text/yaml").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("automations/{id:long}/export", Export).WithName("app_automation_export").RequirePermission(Permission.ViewAutomations);
    }

    /// <param name="Id">A number in a string.</param>
    internal sealed record ImportResult(string Id, IReadOnlyList<FlowProblem> Warnings);

    /// <param name="Document">What was read, as JSON: send it to <c>automations/import</c>, with <c>create</c> and <c>use</c> as decided.</param>
    /// <param name="NameTaken">There is an automation of this name already.</param>
    /// <param name="Steps">With those in branches.</param>
    /// <param name="Missing">Things it names that this account does not have.</param>
    /// <param name="Errors">What is wrong with it beyond that; it cannot be imported before they are mended.</param>
    internal sealed record ImportPreview(
        JsonElement Document, string Name, bool NameTaken, int Triggers, int Steps, IReadOnlyList<MissingThing> Missing, IReadOnlyList<FieldError> Errors);

    /// <param name="Source">Key of the reference source: <c>tag</c>, <c>list</c> and so on.</param>
    /// <param name="Title">What such things are called.</param>
    /// <param name="CanCreate">Importing with <c>create</c> makes it.</param>
    /// <param name="CanLeaveOpen">No condition needs it: standing for an empty name it is left out, and the builder asks for it.</param>
    /// <param name="Paths">JSON pointers of the places.</param>
    internal sealed record MissingThing(string Source, string Title, string Name, bool CanCreate, bool CanLeaveOpen, IReadOnlyList<string> Paths);

    private sealed record Incoming(string Name, string? Description, JsonObject Body, NameResolution Names, List<FieldError> Errors);

    private static async Task<Ok<ImportResult>> Import(
        HttpRequest request, CurrentAccount account, DocumentNames names, DocumentNodes nodes, FlowReader reader, FlowChecks checks, AutomationDrafts drafts,
        Publishing publishing, TimeProvider clock, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken, bool activate = false)
    {
        var incoming = Split(await ReadAsync(request, cancellationToken), clock.GetUtcNow());
        nodes.FillIds(incoming.Body);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var missing = await names.ToIdsAsync(work, account.Id, incoming.Body, incoming.Names, cancellationToken);
        var errors = incoming.Errors.Concat(missing).Concat(Wrong(reader, incoming, missing)).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        var id = await drafts.CreateAsync(work.Transaction, account.Id, account.UserId, incoming.Name, incoming.Description, incoming.Body, cancellationToken);
        var (_, problems) = await checks.CheckAsync(work, account.Id, null, JsonElement.Parse(incoming.Body.ToJsonString()), cancellationToken);
        if (activate)
        {
            await publishing.PublishAsync(work, account.Id, id, account.UserId, cancellationToken);
            await publishing.ActivateAsync(work, account.Id, id, account.UserId, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.Ok(new ImportResult(id.ToString(CultureInfo.InvariantCulture), problems));
    }

    /// <summary>What importing the document would need, without importing it. Takes what <c>automations/import</c> takes, unfinished too.</summary>
    private static async Task<Ok<ImportPreview>> Preview(
        HttpRequest request, CurrentAccount account, DocumentNames names, DocumentNodes nodes, FlowReader reader, Catalogue<ReferenceSource> sources,
        TimeProvider clock, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var document = await ReadAsync(request, cancellationToken);
        var given = JsonElement.Parse(document.ToJsonString());
        var incoming = Split(document, clock.GetUtcNow());
        // Asking makes nothing.
        incoming = incoming with { Names = incoming.Names with { Create = false } };
        nodes.FillIds(incoming.Body);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var missing = await names.ToIdsAsync(work, account.Id, incoming.Body, incoming.Names, cancellationToken);
        var places = incoming.Names.MissingNames;
        var things = places.GroupBy(m => (m.Source, Name: m.Name.ToUpperInvariant())).Select(g => new MissingThing(
            g.Key.Source, sources.Find(g.Key.Source)?.Title ?? g.Key.Source, g.First().Name, sources.Find(g.Key.Source)?.CanCreate == true, g.All(m => !m.InConditions),
            [.. g.Select(m => m.Pointer)])).ToList();
        var known = places.Select(p => p.Pointer).ToHashSet(StringComparer.Ordinal);
        var all = nodes.All(incoming.Body).ToList();
        return TypedResults.Ok(new ImportPreview(
            given, incoming.Name, await AutomationRow.IsTakenAsync(work, account.Id, incoming.Name, cancellationToken), all.Count(n => n.IsTrigger), all.Count(n => !n.IsTrigger),
            things, [.. incoming.Errors, .. missing.Where(e => !known.Contains(e.Path)), .. Wrong(reader, incoming, missing)]));
    }

    /// <summary>The frame of a document and its body apart.</summary>
    private static Incoming Split(JsonObject document, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        var unknown = document.Select(m => m.Key).Where(k => !Top.Contains(k)).ToList();
        errors.AddRange(unknown.Select(k => new FieldError("/" + k, "unknown_key", $"There is no {k} in an automation.")));
        var name = Text(document, "name", errors) ?? string.Empty;
        var description = Text(document, "description", errors);
        var create = document["create"] is JsonValue flag && flag.TryGetValue<bool>(out var asked) ? asked : document["create"] is not null && Wrong(errors, "/create");
        var names = new NameResolution(create, now) { Use = Use(document["use"], errors) };
        foreach (var frame in Frame.Concat(unknown))
        {
            document.Remove(frame);
        }

        return new Incoming(name, description, document, names, errors);
    }

    /// <summary><c>{"tag": {"VIP": "Important"}}</c>: in this account the tag VIP of the document is Important.</summary>
    private static Dictionary<(string Source, string Name), string> Use(JsonNode? given, List<FieldError> errors)
    {
        var use = new Dictionary<(string Source, string Name), string>();
        if (given is null)
        {
            return use;
        }

        foreach (var (source, names) in given as JsonObject ?? [])
        {
            foreach (var (name, other) in names as JsonObject ?? [])
            {
                if (other is JsonValue value && value.TryGetValue<string>(out var text))
                {
                    use[(source, name.Trim())] = text.Trim();
                }
                else
                {
                    Wrong(errors, "/use");
                }
            }

            _ = names is JsonObject || Wrong(errors, "/use");
        }

        _ = given is JsonObject || Wrong(errors, "/use");
        return use;
    }

    /// <summary>
    /// What could not be translated is told once, as missing, not once more as of the wrong type; and what was left open on purpose is asked for in the builder.
    /// </summary>
    private static IEnumerable<FieldError> Wrong(FlowReader reader, Incoming incoming, List<FieldError> missing)
    {
        var known = missing.Select(m => m.Path).ToHashSet(StringComparer.Ordinal);
        var isOpen = incoming.Names.Use.Values.Any(v => v.Length == 0);
        return reader.Read(JsonElement.Parse(incoming.Body.ToJsonString())).Problems
            .Where(p => !known.Contains(p.Path) && (p.Structural || !isOpen || p.Code != "required")).Select(p => p.AsError());
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
                root = JsonNode.Parse(StorableText.Json(text), documentOptions: new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
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
