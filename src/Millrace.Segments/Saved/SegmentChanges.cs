using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Millrace.Segments.Definitions;
using Millrace.Segments.Parsing;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Saved;

/// <summary>What people say of a segment.</summary>
internal sealed record SegmentInput(string Name, string Description, IReadOnlyList<string?> Tags, JsonElement Tree);

/// <summary>Makes, changes and deletes segments: the rules that hold between them, and the news for those who use them.</summary>
internal sealed class SegmentChanges(IConditions conditions, SegmentBook book, SegmentUses uses, IAudit audit, TimeProvider clock)
{
    public const int MaxSegments = 2_000;
    private const int MaxName = 200;
    private const int MaxDescription = 1_000;
    private const int MaxTags = 20;
    private const int MaxTag = 50;

    public async Task<long> CreateAsync(AccountTransaction work, CurrentAccount account, SegmentInput input, CancellationToken cancellationToken)
    {
        var segments = await book.ForChangeAsync(work.Transaction, account.Id, cancellationToken);
        if (segments.Count >= MaxSegments)
        {
            throw new ConflictException("too_many_segments", $"An account has at most {MaxSegments} segments.");
        }

        var (name, description, tags) = Texts(input);
        await CheckedAsync(work, account, segments, id: 0, name, input.Tree, cancellationToken);
        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            insert into segments.segment (account_id, name, description, tags, tree, created_by, created_at, updated_at)
            values ({account.Id}, {name}, {description}, {tags}, {input.Tree}, {account.UserId}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await SegmentBook.MoveStampAsync(work.Transaction, account.Id, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "segment.create", "segment", id, new { name }, cancellationToken);
        return id;
    }

    /// <param name="version">The version the change was made on; another by now is refused (412).</param>
    public async Task ChangeAsync(
        AccountTransaction work, CurrentAccount account, long id, long version, SegmentInput input, CancellationToken cancellationToken)
    {
        var segments = await book.ForChangeAsync(work.Transaction, account.Id, cancellationToken);
        var before = await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        if (before.Version != version)
        {
            throw new VersionConflictException("Someone changed this segment in the meantime.");
        }

        var (name, description, tags) = Texts(input);
        await CheckedAsync(work, account, segments, id, name, input.Tree, cancellationToken);
        var differs = !JsonElement.DeepEquals(before.Tree, input.Tree);
        await Sql.Of($"""
            update segments.segment
            set name = {name}, description = {description}, tags = {tags}, tree = {input.Tree}, version = version + 1, updated_at = {clock.GetUtcNow()},
                last_count = case when {differs} then null else last_count end, counted_at = case when {differs} then null else counted_at end,
                count_ms = case when {differs} then null else count_ms end
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        await SegmentBook.MoveStampAsync(work.Transaction, account.Id, cancellationToken);
        await DefinitionHistory.KeepAsync(work, account.Id, definitionId: null, id, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "segment.change", "segment", id,
            new { name, from = differs ? before.Tree : (JsonElement?)null, to = differs ? input.Tree : (JsonElement?)null }, cancellationToken);
        if (differs)
        {
            await ToldAsync(work, account.Id, segments, id, cancellationToken);
        }
    }

    /// <param name="force">Also when it is used; then nobody is in it for those who do.</param>
    public async Task DeleteAsync(AccountTransaction work, CurrentAccount account, long id, bool force, CancellationToken cancellationToken)
    {
        var segments = await book.ForChangeAsync(work.Transaction, account.Id, cancellationToken);
        var row = await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        var places = await uses.PlacesAsync(work, account.Id, [id], cancellationToken);
        if (places.Count > 0 && !force)
        {
            var some = string.Join(", ", places.Select(p => $"{p.Kind} {p.Name}").Distinct().Take(5));
            throw new ConflictException("segment_in_use", $"The segment is used in {some}. Once deleted, it contains nobody there.");
        }

        await Sql.Of($"delete from segments.segment where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        await SegmentBook.MoveStampAsync(work.Transaction, account.Id, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "segment.delete", "segment", id, new { name = row.Name, tree = row.Tree, used = places.Count }, cancellationToken);
        await ToldAsync(work, account.Id, segments, id, cancellationToken);
    }

    private Task ToldAsync(AccountTransaction work, long accountId, AccountSegments segments, long id, CancellationToken cancellationToken) =>
        uses.ChangedAsync(work, accountId, [id, .. segments.Dependents(id).Select(s => s.Id)], cancellationToken);

    /// <summary>Reads the tree and holds it against the account and the other segments.</summary>
    private async Task CheckedAsync(
        AccountTransaction work, CurrentAccount account, AccountSegments segments, long id, string name, JsonElement json, CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(json, "/conditions");
        if (await conditions.CheckAsync(work, account.Id, tree, cancellationToken) is { Count: > 0 } errors)
        {
            throw new InvalidInputException(errors);
        }

        var changed = new KnownSegment(id, name, tree.Root);
        var after = segments.With(changed);
        if (after.Circle(changed) is { } circle)
        {
            throw new InvalidInputException(
                Naming(tree), "segment_cycle", $"A segment cannot be part of itself: {string.Join(" → ", circle)}.");
        }

        foreach (var segment in after.Dependents(id).Prepend(changed))
        {
            var (nesting, leaves) = after.Size([segment.Id]);
            if (nesting > AccountSegments.MaxNesting || leaves > AccountSegments.MaxLeaves)
            {
                throw new InvalidInputException(
                    "/conditions", TreeErrors.Code,
                    $"Segments may stand {AccountSegments.MaxNesting} deep in each other and have {AccountSegments.MaxLeaves} conditions together; {segment.Name} would have {nesting} and {leaves}.");
            }
        }

        // Says what only compiling finds: a step outside of its automation.
        conditions.Compile(tree.Resolved(after.Inline(tree.Root)), new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone));
    }

    private static string Naming(ConditionTree tree) =>
        tree.Root.Leaves().OfType<StateNode>().First(s => s.Condition is SavedSegmentCondition).Pointer.Down("value");

    private static (string Name, string Description, string[] Tags) Texts(SegmentInput input)
    {
        var name = Line(input.Name, MaxName, "/name");
        if (name.Length == 0)
        {
            throw new InvalidInputException("/name", "required", "This must not be empty.");
        }

        var tags = input.Tags.Select((t, i) => Line(t ?? string.Empty, MaxTag, $"/tags/{i}")).Where(t => t.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        return tags.Length <= MaxTags
            ? (name, Line(input.Description, MaxDescription, "/description"), tags)
            : throw new InvalidInputException("/tags", "too_long", $"At most {MaxTags} words.");
    }

    private static string Line(string text, int max, string path)
    {
        var trimmed = text.Trim();
        return trimmed.Contains('\0', StringComparison.Ordinal) ? throw new InvalidInputException(path, "validation_failed", "A text must not contain NUL.")
            : trimmed.Length <= max ? trimmed
            : throw new InvalidInputException(path, "too_long", $"At most {max} characters.");
    }
}
