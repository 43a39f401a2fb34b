using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Transactional.Servers;
using Millrace.Messaging.Transactional.Templating;
using Npgsql;

namespace Millrace.Messaging.Transactional.Templates;

/// <summary><c>/api/app/mail-servers/{id}/templates</c> and <c>/api/app/mail-templates</c>: templates of transactional mail and how they look with a model.</summary>
internal sealed class MailTemplatesResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("mail-servers/{id:long}/templates", ListAsync).WithName("mail_template_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("mail-servers/{id:long}/templates", CreateAsync).WithName("mail_template_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("mail-templates/{id:long}", ShowAsync).WithName("mail_template_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("mail-templates/{id:long}", SaveAsync).WithName("mail_template_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("mail-templates/{id:long}", DeleteAsync).WithName("mail_template_delete").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("mail-servers/{id:long}/template-preview", PreviewAsync).WithName("mail_template_preview").RequirePermission(Permission.ViewMessages);
    }

    internal sealed record TemplateInput
    {
        public required string Name { get; init; }

        /// <summary>What programs call it; null: only by its number.</summary>
        public string? Alias { get; init; }

        /// <summary>Cannot be changed later.</summary>
        public bool IsLayout { get; init; }

        /// <summary>Alias or number of its layout; null: none.</summary>
        public string? Layout { get; init; }

        public string Subject { get; init; } = "";

        public string Html { get; init; } = "";

        public string Text { get; init; } = "";

        /// <summary>Model for the preview; null keeps the one that is there.</summary>
        public JsonElement? Sample { get; init; }
    }

    internal sealed record TemplateItem(long Id, string Name, string? Alias, bool IsLayout, string? Layout, string Subject, DateTimeOffset UpdatedAt);

    internal sealed record TemplateList(IReadOnlyList<TemplateItem> Templates);

    internal sealed record PreviewInput(string Subject, string Html, string Text, bool IsLayout, string? Layout, JsonElement? Model = null);

    /// <param name="Part"><c>subject</c>, <c>html</c> or <c>text</c>.</param>
    internal sealed record PreviewProblem(string Part, int Line, int Column, string Message);

    /// <param name="Url">The HTML in a closed frame, for ten minutes; null when there is none.</param>
    /// <param name="Suggested">A model that fills every place.</param>
    internal sealed record PreviewView(string Subject, string? Url, string Text, JsonElement Suggested, IReadOnlyList<PreviewProblem> Problems);

    private static async Task<TemplateList> ListAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        var rows = await Sql.Of($"{TemplateBook.Select} where t.account_id = {account.Id} and t.server_id = {id} order by t.is_layout, t.name, t.id").ListAsync<TemplateRow>(work, cancellationToken);
        return new([.. rows.Select(r => new TemplateItem(r.Id, r.Name, r.Alias, r.IsLayout, r.Layout, r.Subject, r.UpdatedAt))]);
    }

    private static async Task<TemplateRow> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await FindAsync(work, account.Id, id, cancellationToken);
    }

    private static async Task<Created<TemplateRow>> CreateAsync(
        long id, TemplateInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        var made = await TemplateBook.AddAsync(work, account.Id, id, Draft(request, request.IsLayout), clock.GetUtcNow(), cancellationToken);
        await SampleAsync(work, account.Id, made, request.Sample, cancellationToken);
        var row = await FindAsync(work, account.Id, made, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/mail-templates/{made}", row);
    }

    private static async Task<TemplateRow> SaveAsync(
        long id, TemplateInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await FindAsync(work, account.Id, id, cancellationToken);
        await TemplateBook.SaveAsync(work, account.Id, row.ServerId, id, Draft(request, row.IsLayout), clock.GetUtcNow(), cancellationToken);
        await SampleAsync(work, account.Id, id, request.Sample, cancellationToken);
        row = await FindAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return row;
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await FindAsync(work, account.Id, id, cancellationToken);
        await TemplateBook.DeleteAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<PreviewView> PreviewAsync(
        long id, PreviewInput request, CurrentAccount account, NpgsqlDataSource database, Previews previews, CancellationToken cancellationToken)
    {
        StorableText.Json(request.Model?.GetRawText() ?? "");
        TemplateRow? layout = null;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
            if (!string.IsNullOrEmpty(request.Layout))
            {
                layout = await TemplateBook.FindAsync(work, account.Id, id, TemplateKey.Of(request.Layout), cancellationToken);
            }
        }

        var problems = new List<PreviewProblem>();
        var (subject, html, text) = (Parse("subject", request.Subject, problems), Parse("html", request.Html, problems), Parse("text", request.Text, problems));
        var suggested = JsonElement.Parse(SuggestedModel.Of(new[] { subject, html, text }.Where(t => t is not null).Select(t => t!)).ToJsonString());
        var model = request.Model is { ValueKind: JsonValueKind.Object } given && given.EnumerateObject().Any() ? given : suggested;
        const string stand = "<p style=\"padding:24px;border:1px dashed #999;text-align:center\">The template stands here.</p>";
        var body = Render("html", html, model, true, request.IsLayout ? stand : null, problems);
        var plain = Render("text", text, model, false, request.IsLayout ? "The template stands here." : null, problems);
        if (layout is not null)
        {
            body = body.Length > 0 && layout.Html.Length > 0 ? Render("html", Parse("html", layout.Html, problems), model, true, body, problems) : body;
            plain = plain.Length > 0 && layout.Text.Length > 0 ? Render("text", Parse("text", layout.Text, problems), model, false, plain, problems) : plain;
        }

        return new(Render("subject", subject, model, false, null, problems), body.Length > 0 ? "/preview/" + previews.Keep(body) : null, plain, suggested, problems);
    }

    private static ModelTemplate? Parse(string part, string source, List<PreviewProblem> problems)
    {
        try
        {
            return ModelTemplate.Parse(source);
        }
        catch (ModelTemplateException e)
        {
            problems.Add(new(part, e.Line, e.Column, e.Message));
            return null;
        }
    }

    private static string Render(string part, ModelTemplate? template, JsonElement model, bool encode, string? content, List<PreviewProblem> problems)
    {
        try
        {
            return template?.Render(model, encode, content) ?? "";
        }
        catch (ModelTemplateException e)
        {
            problems.Add(new(part, e.Line, e.Column, e.Message));
            return "";
        }
    }

    private static TemplateDraft Draft(TemplateInput input, bool isLayout) =>
        new(input.Name.Trim(), string.IsNullOrEmpty(input.Alias) ? null : input.Alias, isLayout, string.IsNullOrEmpty(input.Layout) ? null : input.Layout, input.Subject, input.Html, input.Text);

    private static async Task SampleAsync(AccountTransaction work, long accountId, long id, JsonElement? sample, CancellationToken cancellationToken)
    {
        if (sample is not { } given)
        {
            return;
        }

        if (given.ValueKind != JsonValueKind.Object || given.GetRawText().Length > 100_000)
        {
            throw new InvalidInputException("/sample", "validation_failed", "A sample is a JSON object of at most 100 KB.");
        }

        await Sql.Of($"update messaging.mail_template set sample = {given} where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
    }

    private static async Task<TemplateRow> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"{TemplateBook.Select} where t.account_id = {accountId} and t.id = {id}").FirstAsync<TemplateRow>(work, cancellationToken) ?? throw new NotFoundException();
}
