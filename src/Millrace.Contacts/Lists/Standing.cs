using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary>How a contact stands on a list, as bulk actions remember it for their undoing.</summary>
internal sealed record Standing(
    long ContactId, long ListId, SubscriptionStatus Status, DateTimeOffset? SubscribedAt, DateTimeOffset? UnsubscribedAt, string? Reason, string Source)
{
    /// <summary>Whether the contact ended it, or the product did for it; nobody else may take that back.</summary>
    public bool EndedByContact => Status == SubscriptionStatus.Unsubscribed && !ContactSource.Ours.Contains(Source, StringComparer.Ordinal);

    /// <param name="listId">Null: every list.</param>
    public static Task<List<Standing>> LockAsync(
        NpgsqlTransaction transaction, long accountId, long[] contactIds, long? listId, CancellationToken cancellationToken) => Sql.Of($"""
        select contact_id, list_id, status, subscribed_at, unsubscribed_at, reason, source from contacts.subscription
        where account_id = {accountId} and contact_id = any({contactIds}) and ({listId} is null or list_id = {listId})
        order by contact_id, list_id for update
        """).ListAsync<Standing>(transaction, cancellationToken);

    /// <summary>Puts rows back as they were, without activities; those belong to the caller.</summary>
    public static Task RestoreAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<Standing> before, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        update contacts.subscription s
        set status = b.status, subscribed_at = b.subscribed_at, unsubscribed_at = b.unsubscribed_at, reason = b.reason, source = b.source, updated_at = {now}
        from unnest({Column(before, b => b.ContactId)}, {Column(before, b => b.ListId)}, {Column(before, b => EnumNames<SubscriptionStatus>.NameOf(b.Status))},
                    {Column(before, b => b.SubscribedAt)}, {Column(before, b => b.UnsubscribedAt)}, {Column(before, b => b.Reason)}, {Column(before, b => b.Source)})
             b (contact_id, list_id, status, subscribed_at, unsubscribed_at, reason, source)
        where s.account_id = {accountId} and s.contact_id = b.contact_id and s.list_id = b.list_id
        """).ExecuteAsync(transaction, cancellationToken);

    public static string Write(IReadOnlyList<Standing> rows) => JsonSerializer.Serialize(rows, AppJson.Options);

    public static List<Standing> Read(string? json) => json is null ? [] : JsonSerializer.Deserialize<List<Standing>>(json, AppJson.Options)!;

    private static T[] Column<T>(IReadOnlyList<Standing> rows, Func<Standing, T> column) => [.. rows.Select(column)];
}
