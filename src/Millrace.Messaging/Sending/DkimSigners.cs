using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Mail.Dkim;
using Millrace.Messaging.Inbound;
using Millrace.Messaging.Senders.Checks;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>What is known of a sender's domain.</summary>
/// <param name="Signer">Null: the mail goes unsigned.</param>
/// <param name="ReturnPath">Where bounces go; null: to the sender itself.</param>
/// <param name="ReplyHost">Where tracked answers come in; null: nowhere.</param>
/// <param name="TrackingHost">The name under which links lead here; null: the server's own.</param>
/// <param name="IsRefused">The domain is not verified, and the account or the server refuses such senders.</param>
/// <param name="LeavesTheHouse">False while the account's mail goes to the catcher.</param>
internal readonly record struct SenderStanding(DkimSigner? Signer, string? ReturnPath, bool IsVerified, bool IsRefused, bool LeavesTheHouse, string? ReplyHost, string? TrackingHost);

/// <summary>Signers of the accounts' domains, and what DNS says of these. The key of a selector never changes, so it is opened once.</summary>
internal sealed class DkimSigners(KeyRing keys, InboundRecipients inbound, IOptions<SmtpOptions> smtp, IOptions<SendingOptions> sending)
{
    private readonly ConcurrentDictionary<(long Account, long Id, string Selector), DkimSigner> _opened = new();
    private readonly ConcurrentDictionary<long, Account> _byAccount = new();

    /// <summary>Associated data of a sealed key: opened only where it was put.</summary>
    public static string Place(long accountId, string domain) => $"{accountId}:messaging.sender_domain.private_key:{domain}";

    public async Task LoadAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken)
    {
        // One statement: this runs for every batch of mails. An account without a domain still has its policy.
        var rows = await Sql.Of($"""
            select a.id, coalesce(p.refuse_unverified, false), exists (select 1 from messaging.smtp_settings m where m.account_id = a.id),
                   d.id, d.domain, d.selector, d.private_key, d.state, case when d.return_path_ok then d.return_path end,
                   case when d.tracking_ok then d.tracking_host end
            from unnest({accountIds}) as a (id)
            left join messaging.sender_policy p on p.account_id = a.id
            left join messaging.sender_domain d on d.account_id = a.id
            """).ListAsync<Row>(transaction, cancellationToken);
        foreach (var account in rows.GroupBy(r => r.AccountId))
        {
            var first = account.First();
            _byAccount[account.Key] = new(
                first.RefusesUnverified || sending.Value.RefuseUnverifiedSenders, first.HasOwnServer || smtp.Value.Endpoint is not null,
                [.. account.Where(r => r.Id is not null).Select(r => new Domain(r.Domain!, Open(r), r.State == DomainState.Verified, r.ReturnPath, r.TrackingHost))]);
        }
    }

    /// <summary>By the sender's domain or one above it, whose key and verification count for it too.</summary>
    public SenderStanding Find(long accountId, string fromAddress)
    {
        if (!_byAccount.TryGetValue(accountId, out var account))
        {
            return default;
        }

        var name = fromAddress[(fromAddress.LastIndexOf('@') + 1)..].ToLowerInvariant();
        var domain = account.Domains
            .Where(d => string.Equals(name, d.Name, StringComparison.Ordinal) || name.EndsWith("." + d.Name, StringComparison.Ordinal))
            .MaxBy(d => d.Name.Length);
        var verified = domain is { IsVerified: true };
        var path = verified ? domain!.ReturnPath : null;
        return new(domain?.Signer, path, verified, !verified && account.Refuses && account.Leaves, account.Leaves, inbound.Host is { } host ? path ?? host : null,
            verified ? domain!.TrackingHost : null);
    }

    private DkimSigner Open(Row row) => _opened.GetOrAdd((row.AccountId, row.Id!.Value, row.Selector!), _ => new DkimSigner(
        row.Domain!, row.Selector!, DkimKey.FromPem(keys.Open(row.PrivateKey!, Place(row.AccountId, row.Domain!)))));

    private sealed record Row(
        long AccountId, bool RefusesUnverified, bool HasOwnServer, long? Id, string? Domain, string? Selector, byte[]? PrivateKey, DomainState? State, string? ReturnPath,
        string? TrackingHost);

    private sealed record Account(bool Refuses, bool Leaves, Domain[] Domains);

    private sealed record Domain(string Name, DkimSigner Signer, bool IsVerified, string? ReturnPath, string? TrackingHost);
}
