using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Variables;

/// <param name="Tag">What stands between the percent signs.</param>
internal sealed record VariableRow(long Id, string Tag, string Name, string Content, bool IsLocked, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>
/// Message variables: texts of an account that templates name like a tag. Mails take the text as it is when they are made, so one edit changes all that
/// were not sent yet, and what is looked at in the browser afterwards.
/// </summary>
internal static partial class VariableBook
{
    public const int MaxContent = 20_000;
    private const int Most = 500;

    /// <summary>Upper case letters, digits, <c>_</c> and <c>-</c>.</summary>
    [GeneratedRegex("^[A-Z][A-Z0-9_-]{0,99}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TagName();

    public static Task<List<VariableRow>> ListAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) => Sql.Of($"""
        select id, tag, name, content, is_locked, created_at, updated_at from messaging.variable where account_id = {accountId} order by name, id
        """).ListAsync<VariableRow>(work, cancellationToken);

    public static async Task<VariableRow> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => await Sql.Of($"""
        select id, tag, name, content, is_locked, created_at, updated_at from messaging.variable where account_id = {accountId} and id = {id}
        """).FirstAsync<VariableRow>(work, cancellationToken) ?? throw new NotFoundException();

    public static async Task<VariableRow> AddAsync(
        AccountTransaction work, long accountId, string tag, string name, string content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await LockAsync(work, accountId, cancellationToken);
        if (await Sql.Of($"select count(*) from messaging.variable where account_id = {accountId}").FirstAsync<long>(work, cancellationToken) >= Most)
        {
            throw new ConflictException("limit_reached", $"There can be {Most} message variables.");
        }

        await CheckAsync(work, accountId, 0, tag, name, content, cancellationToken);
        var id = await Sql.Of($"""
            insert into messaging.variable (account_id, tag, name, content, created_at, updated_at)
            values ({accountId}, {tag}, {name.Trim()}, {content}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        return await FindAsync(work, accountId, id, cancellationToken);
    }

    public static async Task<VariableRow> ChangeAsync(
        AccountTransaction work, long accountId, VariableRow changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await LockAsync(work, accountId, cancellationToken);
        await CheckAsync(work, accountId, changed.Id, changed.Tag, changed.Name, changed.Content, cancellationToken);
        await Sql.Of($"""
            update messaging.variable set tag = {changed.Tag}, name = {changed.Name.Trim()}, content = {changed.Content}, is_locked = {changed.IsLocked}, updated_at = {now}
            where account_id = {accountId} and id = {changed.Id}
            """).ExecuteAsync(work, cancellationToken);
        return await FindAsync(work, accountId, changed.Id, cancellationToken);
    }

    public static async Task DeleteAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) => await Sql.Of($"""
        delete from messaging.variable where account_id = {accountId} and id = any ({ids})
        """).ExecuteAsync(work, cancellationToken);

    /// <summary>The name as people type it made into a tag: <c>Summer offer</c> becomes <c>SUMMER_OFFER</c>.</summary>
    public static string TagOf(string text) => text.Trim().Trim('%').ToUpperInvariant().Replace(' ', '_');

    /// <summary>Two edits at a time could close a circle that neither sees.</summary>
    private static Task<int> LockAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select pg_advisory_xact_lock(1750800, {(int)(accountId % int.MaxValue)})").ExecuteAsync(work, cancellationToken);

    private static async Task CheckAsync(
        AccountTransaction work, long accountId, long id, string tag, string name, string content, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (!TagName().IsMatch(tag))
        {
            errors.Add(new("/tag", "tag_invalid", "A tag has capital letters, digits, _ and -, begins with a letter and has at most 100 characters."));
        }
        else if (TagCatalogue.IsBuiltIn(tag) || tag is "IF" or "ELSE" or "ELSEIF" or "OPENPIXEL" or "LINK" || (tag.Length == 2 && tag.All(char.IsAsciiHexDigit)))
        {
            errors.Add(new("/tag", "tag_taken", $"%{tag}% is a tag of the product."));
        }
        else if (await Sql.Of($"""
            select (select 'field' from contacts.field where account_id = {accountId} and key = {tag}
                    union all select 'variable' from messaging.variable where account_id = {accountId} and tag = {tag} and id <> {id} limit 1)
            """).FirstAsync<string?>(work, cancellationToken) is { } taken)
        {
            errors.Add(new("/tag", "tag_taken", taken == "field" ? $"%{tag}% is a custom field." : $"There is already a message variable %{tag}%."));
        }

        if (name.Trim().Length is 0 or > 200)
        {
            errors.Add(new("/name", "length", "A name has 1 to 200 characters."));
        }

        if (content.Length > MaxContent)
        {
            errors.Add(new("/content", "length", $"A text has at most {MaxContent} characters."));
        }
        else if (errors.Count == 0 && await ProblemAsync(work, accountId, id, new(tag, name, content), cancellationToken) is { } problem)
        {
            errors.Add(new("/content", problem.Code, $"Line {problem.Line}, column {problem.Column}: {problem.Message}"));
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    /// <summary>Reads it, and each variable it may have become a part of, as a mail would.</summary>
    private static async Task<TemplateProblem?> ProblemAsync(
        AccountTransaction work, long accountId, long id, MessageVariable variable, CancellationToken cancellationToken)
    {
        var others = await ListAsync(work, accountId, cancellationToken);
        var catalogue = new TagCatalogue(variables: [variable, .. others.Where(o => o.Id != id).Select(o => new MessageVariable(o.Tag, o.Name, o.Content))]);
        try
        {
            TemplateProgram.Compile($"%{variable.Tag}%", TemplateKind.Text, catalogue);
        }
        catch (TemplateInvalidException)
        {
            return WithPlace(variable, catalogue);
        }

        foreach (var other in others.Where(o => o.Id != id && o.Content.Contains($"%{variable.Tag}", StringComparison.Ordinal)))
        {
            try
            {
                TemplateProgram.Compile($"%{other.Tag}%", TemplateKind.Text, catalogue);
            }
            catch (TemplateInvalidException e)
            {
                return new(e.Problem.Code, 1, 1, $"%{other.Tag}% uses this variable, and would no longer work. {e.Problem.Message}");
            }
        }

        return null;
    }

    private static TemplateProblem WithPlace(MessageVariable variable, TagCatalogue catalogue)
    {
        try
        {
            TemplateProgram.Compile(variable.Content, TemplateKind.Text, catalogue);
            return new("template_invalid", 1, 1, $"The message variable %{variable.Tag}% cannot be used.");
        }
        catch (TemplateInvalidException e)
        {
            return e.Problem;
        }
    }
}
