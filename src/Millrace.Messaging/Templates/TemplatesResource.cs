using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Templates;

/// <summary><c>/api/app/templates</c>: what mails are begun with. Those of the library and past campaigns are read only; the account's own can be changed.</summary>
internal sealed class TemplatesResource : IEndpoint
{
    private const int MaxOwn = 1_000;
    private const int MaxPast = 100;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("templates", ListAsync).WithName("template_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("templates/past-campaigns", PastAsync).WithName("template_past_campaigns").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("templates/content", ContentAsync).WithName("template_content").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("templates/{id:long}", ShowAsync).WithName("template_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("templates", CreateAsync).WithName("template_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapPut("templates/{id:long}", SaveAsync).WithName("template_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("templates/{id:long}", RemoveAsync).WithName("template_delete").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("templates/duplicate", DuplicateAsync).WithName("template_duplicate").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("templates/use", UseAsync).WithName("template_use").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Template">Its address: <c>library/{key}</c>, <c>own/{id}</c> or <c>campaign/{id}</c>.</param>
    /// <param name="Uses">Words that people search for.</param>
    /// <param name="PreviewUrl">Of its HTML, for a sandboxed frame; another one after each change.</param>
    /// <param name="UpdatedAt">Null: it came with the product.</param>
    internal sealed record TemplateItem(
        string Template, string Name, string Category, string Description, IReadOnlyList<string> Uses, string Subject, string PreviewUrl, DateTimeOffset? UpdatedAt);

    /// <param name="Categories">In the order of the gallery.</param>
    internal sealed record TemplateList(IReadOnlyList<string> Categories, IReadOnlyList<TemplateItem> Templates);

    /// <param name="Next">Give it as <c>before</c> for the next page; null: that was the last.</param>
    internal sealed record PastList(IReadOnlyList<TemplateItem> Templates, long? Next);

    /// <param name="Design">Null: it is made of HTML.</param>
    internal sealed record TemplateBody(string Name, string Subject, string Preheader, JsonElement? Design, string Html, string Text);

    internal sealed record TemplateInput
    {
        public required string Name { get; init; }

        public string Description { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Preheader { get; init; } = "";

        public JsonElement? Design { get; init; }

        public string Html { get; init; } = "";

        public string Text { get; init; } = "";
    }

    /// <param name="Revision">Send it as <c>If-Match</c> when saving; 412 <c>version_conflict</c> when somebody was faster.</param>
    internal sealed record TemplateView(
        long Id, string Name, string Description, string Subject, string Preheader, JsonElement? Design, string Html, string Text, int Used, int Revision,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    /// <param name="Name">Of what is made; null: that of the template.</param>
    internal sealed record TemplateRequest(string Template, string? Name = null);

    /// <param name="MessageId">A new message with the template's content.</param>
    internal sealed record TemplateUsed(long MessageId);

    private sealed record OwnRow(long Id, string Name, string Description, string Subject, string Version, DateTimeOffset UpdatedAt);

    private sealed record PastRow(long Id, string Name, string Subject, string Version, DateTimeOffset SentAt);

    private static async Task<TemplateList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, TemplatePreviews previews, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(work.Transaction, account.Id, cancellationToken);
        var own = await Sql.Of($"""
            select id, name, description, subject, revision::text, updated_at from messaging.template where account_id = {account.Id} order by id desc limit {MaxOwn}
            """).ListAsync<OwnRow>(work, cancellationToken);
        return new(
            [.. TemplateCategories.OfLibrary, TemplateCategories.Custom, TemplateCategories.PastCampaigns],
            [
                .. own.Select(t => Item(new(TemplateOrigin.Own, Text(t.Id)), t.Name, TemplateCategories.Custom, t.Description, [], t.Subject, t.Version, t.UpdatedAt)),
                .. TemplateLibrary.All.Select(t => Item(
                    new(TemplateOrigin.Library, t.Key), t.File.Name, t.File.Category, t.File.Description, t.File.Uses, TemplateFill.Line(t.File.Subject, sender.Name), t.Hash, null)),
            ]);

        TemplateItem Item(
            TemplateAddress address, string name, string category, string description, IReadOnlyList<string> uses, string subject, string version, DateTimeOffset? updatedAt) =>
            new(address.ToString(), name, category, description, uses, subject, previews.Url(sender, address, version), updatedAt);
    }

    private static async Task<PastList> PastAsync(
        CurrentAccount account, NpgsqlDataSource database, TemplatePreviews previews, CancellationToken cancellationToken, long? before = null)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(work.Transaction, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select c.id, c.name, m.subject, m.revision::text, c.started_at {TemplateContents.Campaigns(account.Id)} and ({before} is null or c.id < {before})
            order by c.id desc limit {MaxPast + 1}
            """).ListAsync<PastRow>(work, cancellationToken);
        return new(
            [.. rows.Take(MaxPast).Select(c => new TemplateItem(
                $"campaign/{Text(c.Id)}", c.Name, TemplateCategories.PastCampaigns, "", [], c.Subject,
                previews.Url(sender, new(TemplateOrigin.Campaign, Text(c.Id)), c.Version), c.SentAt))],
            rows.Count > MaxPast ? rows[MaxPast - 1].Id : null);
    }

    private static async Task<TemplateBody> ContentAsync(string template, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var found = await RequireAsync(work, account.Id, template, cancellationToken);
        return new(
            found.Name, found.Subject, found.Preheader, found.Design is null ? null : JsonElement.Parse(found.Design), found.Html, found.Text);
    }

    private static async Task<TemplateView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
    }

    private static async Task<Created<TemplateView>> CreateAsync(
        TemplateInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var made = await InsertAsync(work, account, Contents(request), isImported: false, audit, clock, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/templates/{made.Id}", made);
    }

    private static async Task<TemplateView> SaveAsync(
        long id, TemplateInput request, [FromHeader(Name = "If-Match")] string? ifMatch, CurrentAccount account, NpgsqlDataSource database, IAudit audit,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(request);
        var revision = IfMatch.Revision(ifMatch);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var content = Contents(request);
        var changed = await Sql.Of($"""
            update messaging.template
            set name = {content.Name}, description = {content.Description}, subject = {content.Subject}, preheader = {content.Preheader},
                design = {new JsonText(content.Design)}, html = {content.Html}, text = {content.Text}, updated_at = {clock.GetUtcNow()}, revision = revision + 1
            where account_id = {account.Id} and id = {id} and ({revision} is null or revision = {revision})
            """).ExecuteAsync(work, cancellationToken);
        if (changed == 0)
        {
            throw await FindAsync(work, account.Id, id, cancellationToken) is null
                ? new NotFoundException()
                : new VersionConflictException("Somebody else has changed this template meanwhile.");
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "template.save", "template", id, new { content.Name }, cancellationToken);
        var saved = await FindAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return saved!;
    }

    private static async Task<NoContent> RemoveAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await DeleteAsync(work, account, id, audit, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>One of the account's own of any template: of the library, too, and of a past campaign.</summary>
    private static async Task<Created<TemplateView>> DuplicateAsync(
        TemplateRequest request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var found = await RequireAsync(work, account.Id, request.Template, cancellationToken);
        var made = await InsertAsync(
            work, account, found with { Name = NameOf(request.Name, found.Name) }, isImported: false, audit, clock, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/templates/{made.Id}", made);
    }

    /// <summary>A new message with the template's content. Choosing a template copies it: what becomes of the message does not touch it.</summary>
    private static async Task<Created<TemplateUsed>> UseAsync(
        TemplateRequest request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var found = await RequireAsync(work, account.Id, request.Template, cancellationToken);
        var name = NameOf(request.Name, found.Name);
        var id = await Sql.Of($"""
            insert into messaging.message (account_id, name, subject, preheader, design, html, text, created_at, updated_at)
            values ({account.Id}, {name}, {found.Subject}, {found.Preheader}, {new JsonText(found.Design)}, {found.Html}, {found.Text}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        if (TemplateAddress.Parse(request.Template) is { Kind: TemplateOrigin.Own } own)
        {
            await Sql.Of($"update messaging.template set used = used + 1 where account_id = {account.Id} and id = {own.Number}").ExecuteAsync(work, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "message.create", "message", id, new { name, request.Template }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/messages/{id}", new TemplateUsed(id));
    }

    public static async Task DeleteAsync(AccountTransaction work, CurrentAccount account, long id, IAudit audit, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"delete from messaging.template where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "template.delete", "template", id, null, cancellationToken);
    }

    /// <exception cref="NotFoundException">There is no such template.</exception>
    public static async Task<TemplateContents> RequireAsync(AccountTransaction work, long accountId, string template, CancellationToken cancellationToken)
    {
        var address = TemplateAddress.Parse(template)
            ?? throw new InvalidInputException("/template", "invalid", "A template is library/{key}, own/{id} or campaign/{id}.");
        var sender = await CompiledMessages.SenderAsync(work.Transaction, accountId, cancellationToken);
        return await TemplateContents.FindAsync(work, sender, address, cancellationToken) ?? throw new NotFoundException("There is no such template.");
    }

    public static async Task<TemplateView> InsertAsync(
        AccountTransaction work, CurrentAccount account, TemplateContents content, bool isImported, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"select count(*) from messaging.template where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken) >= MaxOwn)
        {
            throw new ConflictException("limit_reached", $"An account has at most {MaxOwn} templates of its own.");
        }

        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            insert into messaging.template (account_id, name, description, subject, preheader, design, html, text, is_imported, created_by, created_at, updated_at)
            values ({account.Id}, {content.Name}, {content.Description}, {content.Subject}, {content.Preheader}, {new JsonText(content.Design)}, {content.Html},
                {content.Text}, {isImported}, {account.UserId}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "template.create", "template", id, new { content.Name }, cancellationToken);
        return (await FindAsync(work, account.Id, id, cancellationToken))!;
    }

    /// <exception cref="InvalidInputException">Names each member that is too long.</exception>
    public static void Check(TemplateInput input)
    {
        (string Path, string Text, int Least, int Most)[] limits =
        [
            ("/name", input.Name.Trim(), 1, 200), ("/description", input.Description, 0, 500), ("/subject", input.Subject, 0, 1_000),
            ("/preheader", input.Preheader, 0, 1_000), ("/html", input.Html, 0, 524_288), ("/text", input.Text, 0, 524_288),
        ];
        var errors = limits.Where(l => l.Text.Length < l.Least || l.Text.Length > l.Most)
            .Select(l => new FieldError(l.Path, "length", $"This takes {l.Least} to {l.Most} characters.")).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    public static TemplateContents Contents(TemplateInput input) => new(
        input.Name.Trim(), input.Description.Trim(), input.Subject, input.Preheader, input.Design is { ValueKind: JsonValueKind.Object } design ? design.GetRawText() : null,
        input.Html, input.Text, "");

    private static Task<TemplateView?> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, description, subject, preheader, design, html, text, used, revision, created_at, updated_at
        from messaging.template where account_id = {accountId} and id = {id}
        """).FirstAsync<TemplateView>(work, cancellationToken);

    private static string NameOf(string? asked, string otherwise)
    {
        var name = asked?.Trim() is { Length: > 0 } own ? own : otherwise;
        return name.Length <= 200 ? name : throw new InvalidInputException("/name", "length", "A name has 1 to 200 characters.");
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
