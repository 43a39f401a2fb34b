using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Templates;
using Millrace.Messaging.Transactional.Templating;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>/templates</c>: list, one, make, change, delete, <c>POST /templates/validate</c>.</summary>
internal sealed class PostmarkTemplates : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/templates", ListAsync);
            group.MapGet("/templates/{idOrAlias}", ShowAsync);
            group.MapPost("/templates", AddAsync);
            group.MapPut("/templates/{idOrAlias}", SaveAsync);
            group.MapDelete("/templates/{idOrAlias}", DeleteAsync);
            group.MapPost("/templates/validate", ValidateAsync);
        }
    }

    internal sealed record Input(string? Name, string? Alias, string? Subject, string? HtmlBody, string? TextBody, string? TemplateType, string? LayoutTemplate);

    internal sealed record Check(string? Subject, string? HtmlBody, string? TextBody, JsonElement? TestRenderModel, string? TemplateType, string? LayoutTemplate);

    private static async Task<IResult> ListAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (count, offset) = PostmarkDialect.Page(http.Request, PostmarkDialect.TemplateQuery);
        var type = PostmarkDialect.Query(http.Request, "TemplateType")?.ToLowerInvariant();
        var layout = PostmarkDialect.Query(http.Request, "LayoutTemplate")?.ToLowerInvariant();
        if (type is not (null or "all" or "standard" or "layout"))
        {
            throw new PostmarkException(PostmarkDialect.TemplateQuery, "TemplateType is All, Standard or Layout.");
        }

        var where = Sql.Of($"""
            where t.account_id = {caller.AccountId} and t.server_id = {caller.ServerId} and ({type} is null or {type} = 'all' or t.is_layout = ({type} = 'layout'))
              and ({layout} is null or lower(l.alias) = {layout})
            """);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var total = await Sql.Of($"select count(*) from ({TemplateBook.Select} {where}) n").FirstAsync<long>(work, cancellationToken);
        var rows = await Sql.Of($"{TemplateBook.Select} {where} order by t.name, t.id offset {offset} limit {count}").ListAsync<TemplateRow>(work, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["TotalCount"] = total, ["Templates"] = new JsonArray([.. rows.Select(Short)]) });
    }

    private static async Task<IResult> ShowAsync(string idOrAlias, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, idOrAlias, cancellationToken);
        var shown = Short(row);
        shown["Subject"] = row.Subject;
        shown["HtmlBody"] = row.Html;
        shown["TextBody"] = row.Text;
        shown["AssociatedServerId"] = row.ServerId;
        return PostmarkDialect.Answer(shown);
    }

    private static async Task<IResult> AddAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var id = await TryAsync(() => TemplateBook.AddAsync(work, caller.AccountId, caller.ServerId, new TemplateDraft(
            input.Name ?? "", Blank(input.Alias), IsLayout(input.TemplateType), Blank(input.LayoutTemplate), input.Subject ?? "", input.HtmlBody ?? "", input.TextBody ?? ""),
            clock.GetUtcNow(), cancellationToken));
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Short(await FindAsync(caller, id, database, cancellationToken)));
    }

    private static async Task<IResult> SaveAsync(
        string idOrAlias, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Input>(http, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, idOrAlias, cancellationToken);
        var draft = new TemplateDraft(
            input.Name ?? row.Name, input.Alias is null ? row.Alias : Blank(input.Alias), row.IsLayout, input.LayoutTemplate is null ? row.Layout : Blank(input.LayoutTemplate),
            input.Subject ?? row.Subject, input.HtmlBody ?? row.Html, input.TextBody ?? row.Text);
        await TryAsync(async () =>
        {
            await TemplateBook.SaveAsync(work, caller.AccountId, caller.ServerId, row.Id, draft, clock.GetUtcNow(), cancellationToken);
            return 0L;
        });
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(Short(await FindAsync(caller, row.Id, database, cancellationToken)));
    }

    private static async Task<IResult> DeleteAsync(string idOrAlias, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var row = await FindAsync(work, caller, idOrAlias, cancellationToken);
        await TryAsync(async () =>
        {
            await TemplateBook.DeleteAsync(work, caller.AccountId, row.Id, cancellationToken);
            return 0L;
        });
        await work.CommitAsync(cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["ErrorCode"] = 0, ["Message"] = $"Template {row.Id} removed." });
    }

    private static async Task<IResult> ValidateAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var input = await PostmarkDialect.ReadAsync<Check>(http, cancellationToken);
        TemplateRow? layout = null;
        if (Blank(input.LayoutTemplate) is { } alias)
        {
            await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
            layout = await FindAsync(work, caller, alias, cancellationToken);
        }

        var parsed = new List<ModelTemplate>();
        foreach (var source in new[] { input.Subject, input.HtmlBody, input.TextBody }.Where(s => s is not null && TemplateBook.Problem(s) is null))
        {
            parsed.Add(ModelTemplate.Parse(source!));
        }

        var suggested = SuggestedModel.Of(parsed);
        var given = input.TestRenderModel is { ValueKind: JsonValueKind.Object } model ? Merged(suggested, model) : JsonElement.Parse(suggested.ToJsonString());
        var answer = new JsonObject { ["AllContentIsValid"] = true };
        foreach (var (name, source, frame, encode) in new[] { ("Subject", input.Subject, null, false), ("HtmlBody", input.HtmlBody, layout?.Html, true), ("TextBody", input.TextBody, layout?.Text, false) })
        {
            answer[name] = source is null ? null : Part(source, frame, given, encode);
            answer["AllContentIsValid"] = (bool)answer["AllContentIsValid"]! && (source is null || (bool)answer[name]!["ContentIsValid"]!);
        }

        answer["SuggestedTemplateModel"] = suggested;
        return PostmarkDialect.Answer(answer);
    }

    private static JsonObject Part(string source, string? layout, JsonElement model, bool encode)
    {
        try
        {
            var rendered = ModelTemplate.Parse(source).Render(model, encode);
            rendered = string.IsNullOrEmpty(layout) ? rendered : ModelTemplate.Parse(layout).Render(model, encode, rendered);
            return new JsonObject { ["ContentIsValid"] = true, ["ValidationErrors"] = new JsonArray(), ["RenderedContent"] = rendered };
        }
        catch (ModelTemplateException e)
        {
            return new JsonObject
            {
                ["ContentIsValid"] = false,
                ["ValidationErrors"] = new JsonArray(new JsonObject { ["Message"] = e.Message, ["Line"] = e.Line, ["CharacterPosition"] = e.Column }),
                ["RenderedContent"] = null,
            };
        }
    }

    /// <summary>What the caller gives counts; what it leaves out is made up.</summary>
    private static JsonElement Merged(JsonObject suggested, JsonElement given)
    {
        var merged = (JsonObject)suggested.DeepClone();
        foreach (var member in given.EnumerateObject())
        {
            merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return JsonElement.Parse(merged.ToJsonString());
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (DomainException e) when (e is InvalidInputException or ConflictException)
        {
            throw new PostmarkException(PostmarkDialect.TemplateInvalid, e.Message);
        }
        catch (PostgresException e) when (e.ConstraintName == "mail_template_alias_unique")
        {
            throw new PostmarkException(PostmarkDialect.TemplateInvalid, "This server has a template of that alias already.");
        }
    }

    private static async Task<TemplateRow> FindAsync(PostmarkCaller caller, long id, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        return (await TemplateBook.FindAsync(work, caller.AccountId, caller.ServerId, new TemplateKey(id, null), cancellationToken))!;
    }

    private static async Task<TemplateRow> FindAsync(AccountTransaction work, PostmarkCaller caller, string idOrAlias, CancellationToken cancellationToken) =>
        (idOrAlias.Contains('\0', StringComparison.Ordinal) ? null : await TemplateBook.FindAsync(work, caller.AccountId, caller.ServerId, TemplateKey.Of(idOrAlias), cancellationToken))
        ?? throw new PostmarkException(MailRefusal.TemplateUnknown, "This server has no such template.");

    private static bool IsLayout(string? type) => type?.ToUpperInvariant() switch
    {
        null or "STANDARD" => false,
        "LAYOUT" => true,
        _ => throw new PostmarkException(PostmarkDialect.TemplateInvalid, "TemplateType is Standard or Layout."),
    };

    private static string? Blank(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static JsonObject Short(TemplateRow row) => new()
    {
        ["TemplateId"] = row.Id,
        ["Name"] = row.Name,
        ["Alias"] = row.Alias,
        ["Active"] = true,
        ["TemplateType"] = row.IsLayout ? "Layout" : "Standard",
        ["LayoutTemplate"] = row.Layout,
    };
}
