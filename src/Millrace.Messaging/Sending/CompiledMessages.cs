using System.Collections.Concurrent;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Addresses;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Images;
using Millrace.Messaging.Links;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Versions in memory. A version never changes, but the account's fields and sender may: so an entry lives for a minute.
/// </summary>
internal sealed class CompiledMessages(TagCatalogues catalogues, IConditions conditions, IFeeds feeds, TimeProvider clock, PublicAddress address)
{
    private const int MaxEntries = 500;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(long Account, long Version), Entry> _entries = new();

    /// <summary>Null when the account has no such version.</summary>
    public async Task<CompiledMessage?> FindAsync(NpgsqlTransaction transaction, long accountId, long versionId, CancellationToken cancellationToken)
    {
        var key = (accountId, versionId);
        if (_entries.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.ReadAt) < Life)
        {
            return entry.Message;
        }

        if (await LoadAsync(transaction, accountId, versionId, cancellationToken) is not { } message)
        {
            return null;
        }

        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }

        _entries[key] = new(message, clock.GetTimestamp());
        return message;
    }

    /// <summary>Only what is in memory; for the edge, which asks for the same few versions again and again.</summary>
    public CompiledMessage? Cached(long accountId, long versionId) =>
        _entries.TryGetValue((accountId, versionId), out var entry) && clock.GetElapsedTime(entry.ReadAt) < Life ? entry.Message : null;

    private async Task<CompiledMessage?> LoadAsync(NpgsqlTransaction transaction, long accountId, long versionId, CancellationToken cancellationToken)
    {
        var version = await Sql.Of($"""
            select account_id, id, message_id, kind, subject, from_name, from_address, reply_to, html, text, track_replies
            from messaging.message_version where account_id = {accountId} and id = {versionId}
            """).FirstAsync<VersionRow>(transaction, cancellationToken);
        if (version is null)
        {
            return null;
        }

        var links = await Sql.Of($"""
            select no::integer, url, label, tagged_url from messaging.link where account_id = {accountId} and message_version_id = {versionId} order by no
            """).ListAsync<TrackedLink>(transaction, cancellationToken);
        var sender = await SenderAsync(transaction, accountId, cancellationToken, version.MessageId);
        var trees = version.Html.Contains("SHOW:", StringComparison.Ordinal) || version.Text.Contains("SHOW:", StringComparison.Ordinal)
            ? await Sql.Of($"select conditions from messaging.message_version where account_id = {accountId} and id = {versionId} and conditions is not null")
                .FirstAsync<JsonElement?>(transaction, cancellationToken)
            : null;
        var body = await FillAsync(transaction, version, cancellationToken);
        body = body with { Html = ImageAddress.WithHost(body.Html, address.Url) };
        return new CompiledMessage(
            body, links, sender, await catalogues.LoadAsync(transaction, accountId, cancellationToken), Shown(trees is { } found ? [.. found.EnumerateArray()] : [], sender));
    }

    /// <summary>Feeds that were not filled when the version was made: those of automations, whose mails show what was fetched last.</summary>
    public async Task<VersionRow> FillAsync(NpgsqlTransaction transaction, VersionRow version, CancellationToken cancellationToken)
    {
        if (!FeedSections.Any(version.Html) && !FeedSections.Any(version.Text))
        {
            return version;
        }

        var found = new Dictionary<FeedAsked, FeedDocument?>();
        foreach (var asked in FeedSections.Of(version.Html, TemplateKind.Html).Concat(FeedSections.Of(version.Text, TemplateKind.Text)).Distinct())
        {
            found[asked] = await feeds.StoredAsync(transaction, version.AccountId, asked.Url, clock.GetUtcNow(), cancellationToken);
        }

        return version with
        {
            Html = FeedSections.Fill(version.Html, TemplateKind.Html, asked => found[asked]),
            Text = FeedSections.Fill(version.Text, TemplateKind.Text, asked => found[asked]),
        };
    }

    /// <summary>What asks condition trees for a batch.</summary>
    public ShownParts? Shown(IReadOnlyList<JsonElement> trees, AccountSender sender) => ShownParts.Of(trees, conditions, clock, sender.TimeZone);

    /// <summary>Until an account says who it is, mail comes from its first admin.</summary>
    /// <param name="messageId">A campaign's mail may bear another address than the account's.</param>
    public static async Task<AccountSender> SenderAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken, long messageId = 0)
    {
        var sender = (await Sql.Of($"""
            select a.id, coalesce(nullif(a.sender_name, ''), a.name),
                   coalesce(nullif(a.sender_email, ''), (select u.email from accounts.app_user u
                       where u.account_id = a.id and u.role = 'admin' and u.disabled_at is null order by u.id limit 1), ''),
                   a.sender_address, a.time_zone
            from accounts.account a where a.id = {accountId}
            """).FirstAsync<AccountSender>(transaction, cancellationToken))!;
        return messageId > 0 && await AddressBook.OfMessageAsync(transaction, accountId, messageId, cancellationToken) is { } own ? sender with { Address = own } : sender;
    }

    private sealed record Entry(CompiledMessage Message, long ReadAt);
}
