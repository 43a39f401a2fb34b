using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Messaging.Links;
using Millrace.Messaging.Senders.Checks;
using Npgsql;

namespace Millrace.Messaging.Inbound;

internal enum InboundPurpose
{
    Bounce,
    Reply,
    Feedback,

    /// <summary>At a domain of ours, but of no valid token: kept for people to see, changes nothing.</summary>
    Other,
}

/// <summary>Whose an inbound address is.</summary>
/// <param name="SendId">0: of no mail.</param>
internal sealed record InboundRecipient(string Address, InboundPurpose Purpose, long AccountId, long SendId);

/// <summary>Knows which addresses are ours: those with a token of ours at a domain that leads here, and what looks like one at an account's own return path.</summary>
internal sealed class InboundRecipients(
    NpgsqlDataSource database, TokenKeys keys, DomainChecker checker, IOptions<InboundOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <summary>Names that a mail domain answers to by custom (RFC 2142), and under which feedback loops are often registered.</summary>
    private static readonly string[] Customary = ["postmaster", "abuse", "fbl", "mailer-daemon"];

    private readonly ConcurrentDictionary<string, (long[] Accounts, long ReadAt)> _owners = new(StringComparer.Ordinal);

    /// <summary>Where mail comes in for accounts without a return path of their own; null: nowhere.</summary>
    public string? Host => options.Value.Host is { Length: > 0 } host ? host.ToLowerInvariant() : options.Value.Listens ? checker.BounceHost : null;

    /// <returns>Null: not ours.</returns>
    public async Task<InboundRecipient?> FindAsync(string address, CancellationToken cancellationToken)
    {
        var at = address.LastIndexOf('@');
        if (at is < 1 || address.Length > 320)
        {
            return null;
        }

        var (local, domain) = (address[..at], address[(at + 1)..].ToLowerInvariant());
        var owners = await OwnersAsync(domain, cancellationToken);
        var isHost = string.Equals(domain, Host, StringComparison.Ordinal);
        if (TokenAddress.TryRead(address, keys, out var token) && (isHost || owners.Contains(token.AccountId)))
        {
            var purpose = token.Purpose switch { TokenPurpose.Bounce => InboundPurpose.Bounce, TokenPurpose.Reply => InboundPurpose.Reply, _ => InboundPurpose.Feedback };
            return new(address, purpose, token.AccountId, token.SendId);
        }

        // A forged or broken token at a domain of one account: kept where its people can see it. At the server's own name nobody could be shown it.
        return owners.Length > 0 && (TokenAddress.Claimed(local) is not null || Customary.Contains(local, StringComparer.OrdinalIgnoreCase))
            ? new(address, InboundPurpose.Other, owners[0], 0)
            : null;
    }

    private async Task<long[]> OwnersAsync(string domain, CancellationToken cancellationToken)
    {
        if (_owners.TryGetValue(domain, out var known) && clock.GetElapsedTime(known.ReadAt) < Life)
        {
            return known.Accounts;
        }

        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        long[] accounts = [.. await Sql.Of($"""
            select account_id from messaging.sender_domain where return_path = {domain} order by return_path_ok desc, account_id
            """).ListAsync<long>(work, cancellationToken)];
        if (_owners.Count > 10_000)
        {
            _owners.Clear();
        }

        // Strangers' domains are not remembered: anyone could fill the memory with them.
        if (accounts.Length > 0)
        {
            _owners[domain] = (accounts, clock.GetTimestamp());
        }

        return accounts;
    }
}
