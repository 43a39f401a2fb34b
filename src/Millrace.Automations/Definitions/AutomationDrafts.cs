using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Automations.Definitions;

/// <summary>Makes and changes drafts. A draft may be unfinished; it may not be misshapen.</summary>
internal sealed class AutomationDrafts(FlowReader reader, DocumentNodes nodes, IAudit audit, TimeProvider clock)
{
    public static readonly string EmptyDocument = """{"entry":"any","triggers":[],"steps":[]}""";

    public async Task<long> CreateAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, string name, string? description, JsonObject document, CancellationToken cancellationToken)
    {
        var (title, text, draft) = Read(name, description, document);
        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            insert into automations.automation (account_id, name, description, draft, created_by, created_at, updated_at)
            values ({accountId}, {title}, {text}, {draft}, {userId}, {now}, {now})
            returning id
            """).FirstAsync<long>(transaction, cancellationToken);
        await audit.AppendAsync(transaction, accountId, userId, "automation.create", "automation", id, new { name = title }, cancellationToken);
        return id;
    }

    /// <summary>
    /// Takes the place of the draft. Drafts are saved while one types: the audit log tells the first change of what is published, and every new name.
    /// </summary>
    /// <exception cref="VersionConflictException">Someone else has saved in between.</exception>
    public async Task<SavedDraft> SaveAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, long id, long revision, string name, string? description, JsonObject document,
        CancellationToken cancellationToken)
    {
        var before = await AutomationRow.LockAsync(transaction, accountId, id, cancellationToken);
        if (before.Revision != revision)
        {
            throw new VersionConflictException("Someone else has changed this automation in between.");
        }

        var (title, text, draft) = Read(name, description, document);
        var saved = await Sql.Of($"""
            update automations.automation
            set name = {title}, description = {text}, draft = {draft}, revision = revision + 1, updated_at = {clock.GetUtcNow()}
            where account_id = {accountId} and id = {id}
            returning revision, changed
            """).FirstAsync<SavedDraft>(transaction, cancellationToken);
        if (before.Name != title || before.Description != text)
        {
            await audit.AppendAsync(
                transaction, accountId, userId, "automation.rename", "automation", id, new { before = before.Name, after = title }, cancellationToken);
        }

        if (saved!.Changed && !before.Changed)
        {
            await audit.AppendAsync(
                transaction, accountId, userId, "automation.edit", "automation", id, new { since_version = before.PublishedVersion }, cancellationToken);
        }

        return saved;
    }

    private (string Name, string Description, JsonElement Draft) Read(string name, string? description, JsonObject document)
    {
        var errors = new List<FieldError>();
        if (name.Trim() is not { Length: >= 1 and <= 200 } title || title.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add(new FieldError("/name", "length", "A name has 1 to 200 characters."));
            title = string.Empty;
        }

        if (description is { Length: > 10_000 } || description?.Contains('\0', StringComparison.Ordinal) == true)
        {
            errors.Add(new FieldError("/description", "length", "A description has at most 10,000 characters."));
        }

        nodes.FillIds(document);
        var draft = JsonElement.Parse(document.ToJsonString());
        errors.AddRange(reader.Read(draft).Problems.Where(p => p.Structural).Select(p => p.AsError()));
        return errors.Count > 0 ? throw new InvalidInputException(errors) : (title, description ?? string.Empty, draft);
    }
}

/// <param name="Revision">Send it as <c>If-Match</c> with the next change.</param>
/// <param name="Changed">The draft differs from what is published.</param>
internal sealed record SavedDraft(long Revision, bool Changed);
