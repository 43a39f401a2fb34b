using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Automations.Definitions;

/// <summary>Makes and changes drafts. A draft may be unfinished; it may not be misshapen.</summary>
internal sealed class AutomationDrafts(FlowReader reader, DocumentNodes nodes, TimeProvider clock)
{
    public static readonly string EmptyDocument = """{"entry":"any","triggers":[],"steps":[]}""";

    public async Task<long> CreateAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, string name, string? description, JsonObject document, CancellationToken cancellationToken)
    {
        var (title, text, draft) = Read(name, description, document);
        var now = clock.GetUtcNow();
        return await Sql.Of($"""
            insert into automations.automation (account_id, name, description, draft, created_by, created_at, updated_at)
            values ({accountId}, {title}, {text}, {draft}, {userId}, {now}, {now})
            returning id
            """).FirstAsync<long>(transaction, cancellationToken);
    }

    /// <returns>The new revision.</returns>
    /// <exception cref="VersionConflictException">Someone else has saved in between.</exception>
    public async Task<long> SaveAsync(
        NpgsqlTransaction transaction, long accountId, long id, long revision, string name, string? description, JsonObject document,
        CancellationToken cancellationToken)
    {
        var before = await AutomationRow.LockAsync(transaction, accountId, id, cancellationToken);
        if (before.Revision != revision)
        {
            throw new VersionConflictException("Someone else has changed this automation in between.");
        }

        var (title, text, draft) = Read(name, description, document);
        return await Sql.Of($"""
            update automations.automation
            set name = {title}, description = {text}, changed = changed or draft <> {draft}, draft = {draft}, revision = revision + 1, updated_at = {clock.GetUtcNow()}
            where account_id = {accountId} and id = {id}
            returning revision
            """).FirstAsync<long>(transaction, cancellationToken);
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
