using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Transactional.Templating;

namespace Millrace.Messaging.Transactional.Templates;

/// <summary>A template as people and programs write it.</summary>
internal sealed record TemplateDraft(string Name, string? Alias, bool IsLayout, string? Layout, string Subject, string Html, string Text);

/// <param name="Layout">Alias of its layout, or its number as text where it has none.</param>
internal sealed record TemplateRow(
    long Id, long ServerId, string Name, string? Alias, bool IsLayout, string? Layout, string Subject, string Html, string Text, System.Text.Json.JsonElement Sample,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>Makes, changes and deletes templates; what is saved can be parsed.</summary>
internal static partial class TemplateBook
{
    private const int MaxTemplates = 1_000;
    private const int MaxBody = 512 * 1024;

    public static readonly Sql Select = Sql.Of($"""
        select t.id, t.server_id, t.name, t.alias, t.is_layout, coalesce(l.alias, l.id::text), t.subject, t.html, t.text, t.sample, t.created_at, t.updated_at
        from messaging.mail_template t left join messaging.mail_template l on l.account_id = t.account_id and l.id = t.layout_id
        """);

    public static Task<TemplateRow?> FindAsync(AccountTransaction work, long accountId, long serverId, TemplateKey key, CancellationToken cancellationToken) => Sql.Of($"""
        {Select} where t.account_id = {accountId} and t.server_id = {serverId} and (t.id = {key.Id} or lower(t.alias) = {key.Alias})
        """).FirstAsync<TemplateRow>(work, cancellationToken);

    public static async Task<long> AddAsync(AccountTransaction work, long accountId, long serverId, TemplateDraft draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(draft);
        var layout = await LayoutAsync(work, accountId, serverId, draft, cancellationToken);
        var count = await Sql.Of($"select count(*) from messaging.mail_template where account_id = {accountId} and server_id = {serverId}").FirstAsync<long>(work, cancellationToken);
        if (count >= MaxTemplates)
        {
            throw new ConflictException("too_many_templates", $"A server has at most {MaxTemplates} templates.");
        }

        return await Sql.Of($"""
            insert into messaging.mail_template (account_id, server_id, name, alias, is_layout, layout_id, subject, html, text, created_at, updated_at)
            values ({accountId}, {serverId}, {draft.Name}, {draft.Alias}, {draft.IsLayout}, {layout}, {draft.Subject}, {draft.Html}, {draft.Text}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
    }

    public static async Task SaveAsync(
        AccountTransaction work, long accountId, long serverId, long id, TemplateDraft draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(draft);
        var layout = await LayoutAsync(work, accountId, serverId, draft, cancellationToken);
        await Sql.Of($"""
            update messaging.mail_template
            set name = {draft.Name}, alias = {draft.Alias}, layout_id = {layout}, subject = {draft.Subject}, html = {draft.Html}, text = {draft.Text}, updated_at = {now}
            where account_id = {accountId} and server_id = {serverId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <exception cref="ConflictException">A layout that templates stand in.</exception>
    public static async Task DeleteAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"select exists (select 1 from messaging.mail_template where account_id = {accountId} and layout_id = {id})").FirstAsync<bool>(work, cancellationToken))
        {
            throw new ConflictException("layout_in_use", "Templates stand in this layout; take them out first.");
        }

        await Sql.Of($"delete from messaging.mail_template where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
    }

    /// <summary>The first thing wrong with a part, with its place; null when it can be used.</summary>
    public static ModelTemplateException? Problem(string source)
    {
        try
        {
            ModelTemplate.Parse(source);
            return null;
        }
        catch (ModelTemplateException e)
        {
            return e;
        }
    }

    private static void Check(TemplateDraft draft)
    {
        Require(draft.Name.Trim().Length is > 0 and <= 200, "/name", "length", "A template's name has 1 to 200 characters.");
        Require(draft.Alias is null || AliasShape().IsMatch(draft.Alias), "/alias", "alias_invalid", "An alias begins with a letter and goes on with letters, digits, dots, hyphens and underscores, 100 at most.");
        Require(draft.Subject.Length <= 2_000, "/subject", "length", "A subject has at most 2,000 characters.");
        Require(draft.Html.Length <= MaxBody && draft.Text.Length <= MaxBody, "/html", "length", "A body has at most 512 KB.");
        Require(draft.Html.Length + draft.Text.Length > 0, "/html", "required", "A template needs a body: HTML, text or both.");
        Require(draft.IsLayout || draft.Subject.Trim().Length > 0, "/subject", "required", "A template needs a subject.");
        Require(!draft.IsLayout || draft.Layout is null, "/layout", "layout_invalid", "A layout stands in no other layout.");
        foreach (var (path, source) in new[] { ("/subject", draft.Subject), ("/html", draft.Html), ("/text", draft.Text) })
        {
            if (Problem(source) is { } problem)
            {
                throw new InvalidInputException(path, "template_invalid", $"Line {problem.Line}, column {problem.Column}: {problem.Message}");
            }

            Require(!draft.IsLayout || path == "/subject" || source.Length == 0 || HasContent(source), path, "content_missing", "A layout says with {{{@content}}} where its templates stand.");
        }
    }

    private static bool HasContent(string source) => source.Contains(ModelTemplate.Content, StringComparison.Ordinal);

    private static async Task<long?> LayoutAsync(AccountTransaction work, long accountId, long serverId, TemplateDraft draft, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(draft.Layout))
        {
            return null;
        }

        return await FindAsync(work, accountId, serverId, TemplateKey.Of(draft.Layout), cancellationToken) is { IsLayout: true } layout
            ? layout.Id
            : throw new InvalidInputException("/layout", "layout_unknown", "This server has no such layout.");
    }

    private static void Require(bool holds, string path, string code, string message)
    {
        if (!holds)
        {
            throw new InvalidInputException(path, code, message);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex AliasShape();
}
