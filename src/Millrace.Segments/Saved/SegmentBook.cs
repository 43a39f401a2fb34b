using System.Collections.Concurrent;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Millrace.Segments.Happened;
using Millrace.Segments.Parsing;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments.Saved;

/// <summary>The saved segments of each account, remembered until the account's stamp is another one.</summary>
internal sealed class SegmentBook(Catalogue<SegmentCondition> conditions, ActivityShapes shapes, Catalogue<RecordSet> records)
{
    private const int Capacity = 1_000;
    private readonly ConcurrentDictionary<long, AccountSegments> _accounts = new();

    /// <summary>The tree with saved segments in the place of their names. Costs nothing where none is named, else one look at the stamp.</summary>
    /// <exception cref="InvalidInputException">422 <c>filter_invalid</c>: together the segments have grown too large.</exception>
    public async ValueTask<ConditionTree> ResolveAsync(
        NpgsqlTransaction transaction, long accountId, ConditionTree tree, CancellationToken cancellationToken)
    {
        if (tree.IsResolved)
        {
            return tree;
        }

        var segments = await OfAsync(transaction, accountId, cancellationToken);
        var (_, leaves) = segments.Size(KnownSegment.SegmentsOf(tree.Root));
        return leaves <= 2 * AccountSegments.MaxLeaves
            ? tree.Resolved(segments.Inline(tree.Root))
            : throw new InvalidInputException("/", TreeErrors.Code, $"With the segments it names, this has {leaves} conditions; {AccountSegments.MaxLeaves} is the limit.");
    }

    public async Task<AccountSegments> OfAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        var stamp = await Sql.Of($"select stamp from segments.stamp where account_id = {accountId}").FirstAsync<long>(transaction, cancellationToken);
        if (_accounts.TryGetValue(accountId, out var known) && known.Stamp == stamp)
        {
            return known;
        }

        if (_accounts.Count > Capacity)
        {
            _accounts.Clear();
        }

        return _accounts[accountId] = await LoadAsync(transaction, accountId, stamp, cancellationToken);
    }

    /// <summary>Takes the lock under which segments change, and reads them as they are now.</summary>
    public async Task<AccountSegments> ForChangeAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        await MoveStampAsync(transaction, accountId, cancellationToken);
        return await LoadAsync(transaction, accountId, stamp: 0, cancellationToken);
    }

    /// <summary>Ends a change. What this transaction has remembered on its way stands under a number that nobody else will ever see.</summary>
    public static Task MoveStampAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        // Chosen here and not counted up: a number that was rolled back must never come again for another content.
        var stamp = Random.Shared.NextInt64(1, 1L << 53);
        return Sql.Of($"""
            insert into segments.stamp as s (account_id, stamp) values ({accountId}, {stamp})
            on conflict (account_id) do update set stamp = excluded.stamp
            """).ExecuteAsync(transaction, cancellationToken);
    }

    private async Task<AccountSegments> LoadAsync(NpgsqlTransaction transaction, long accountId, long stamp, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"select id, name, tree from segments.segment where account_id = {accountId}").ListAsync<Row>(transaction, cancellationToken);
        return new AccountSegments(stamp, rows.Select(r => new KnownSegment(r.Id, r.Name, Read(r.Tree))));
    }

    private ConditionNode? Read(JsonElement tree)
    {
        try
        {
            return new TreeParser(conditions, shapes, records).Parse(tree, string.Empty).Root;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private sealed record Row(long Id, string Name, JsonElement Tree);
}
