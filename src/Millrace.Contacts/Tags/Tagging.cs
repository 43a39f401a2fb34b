using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Tags;

/// <summary>Puts tags on contacts and takes them off, many at once, with the activities that belong to it.</summary>
internal sealed class Tagging(IActivityLog activities, TimeProvider clock)
{
    public const int MaxNameLength = 100;

    /// <summary>Contacts that have the tag already, contacts and tags that do not exist: nothing happens to them.</summary>
    /// <returns>The pairs that are new.</returns>
    public async Task<List<TagAdded>> AddAsync(
        NpgsqlTransaction transaction, long accountId, long[] contactIds, long[] tagIds, CancellationToken cancellationToken, ActivityOrigin? origin = null)
    {
        var added = await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {accountId}, c.id, t.id, {clock.GetUtcNow()}
            from contacts.contact c, contacts.tag t
            where c.account_id = {accountId} and c.id = any({contactIds}) and t.account_id = {accountId} and t.id = any({tagIds})
            order by c.id, t.id
            on conflict do nothing
            returning contact_id, tag_id
            """).ListAsync<TagAdded>(transaction, cancellationToken);
        await activities.AppendAsync(transaction, accountId, added, cancellationToken, origin);
        return added;
    }

    /// <returns>The pairs that are no more.</returns>
    public async Task<List<TagRemoved>> RemoveAsync(
        NpgsqlTransaction transaction, long accountId, long[] contactIds, long[] tagIds, CancellationToken cancellationToken, ActivityOrigin? origin = null)
    {
        var removed = await Sql.Of($"""
            delete from contacts.contact_tag
            where account_id = {accountId} and contact_id = any({contactIds}) and tag_id = any({tagIds})
            returning contact_id, tag_id
            """).ListAsync<TagRemoved>(transaction, cancellationToken);
        await activities.AppendAsync(transaction, accountId, removed, cancellationToken, origin);
        return removed;
    }

    /// <summary>Finds the tags of these names, ignoring case, and makes those that are missing.</summary>
    /// <exception cref="Kernel.Errors.InvalidInputException">A name is empty or longer than <see cref="MaxNameLength"/>.</exception>
    public async Task<List<(long Id, string Name)>> FindOrCreateAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<string> names, string path, CancellationToken cancellationToken)
    {
        var wanted = names.Select(n => PersonText.Name(n, MaxNameLength, path)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        await Sql.Of($"""
            insert into contacts.tag (account_id, name, created_at)
            select {accountId}, n, {clock.GetUtcNow()} from unnest({wanted}) n
            where not exists (select 1 from contacts.tag t where t.account_id = {accountId} and lower(t.name) = lower(n))
            order by lower(n)
            on conflict do nothing
            """).ExecuteAsync(transaction, cancellationToken);
        var found = await Sql.Of($"""
            select id, name from contacts.tag
            where account_id = {accountId} and lower(name) = any(select lower(n) from unnest({wanted}) n)
            """).ListAsync<Named>(transaction, cancellationToken);
        return [.. found.Select(t => (t.Id, t.Name))];
    }

    /// <summary>Whether there is such a tag; a step of an automation may outlive it.</summary>
    public static async Task<bool> ExistsAsync(NpgsqlTransaction transaction, long accountId, long tagId, CancellationToken cancellationToken) =>
        await Sql.Of($"select exists (select 1 from contacts.tag where account_id = {accountId} and id = {tagId})")
            .FirstAsync<bool>(transaction, cancellationToken);

    private sealed record Named(long Id, string Name);
}
