using System.Collections.Concurrent;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Mail.Dkim;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>Signers of the accounts' domains. A row's key never changes, so it is opened once.</summary>
internal sealed class DkimSigners(KeyRing keys)
{
    private readonly ConcurrentDictionary<(long Account, long Id), DkimSigner> _opened = new();
    private readonly ConcurrentDictionary<long, DkimSigner[]> _byAccount = new();

    /// <summary>Associated data of a sealed key: opened only where it was put.</summary>
    public static string Place(long accountId, string domain) => $"{accountId}:messaging.sender_domain.private_key:{domain}";

    public async Task LoadAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"""
            select account_id, id, domain, selector, private_key from messaging.sender_domain where account_id = any ({accountIds})
            """).ListAsync<Row>(transaction, cancellationToken);
        foreach (var accountId in accountIds)
        {
            _byAccount[accountId] = [.. rows.Where(r => r.AccountId == accountId).Select(Open)];
        }
    }

    /// <summary>The signer of the sender's domain or of one above it; null: the mail goes unsigned.</summary>
    public DkimSigner? Find(long accountId, string fromAddress)
    {
        var domain = fromAddress[(fromAddress.LastIndexOf('@') + 1)..].ToLowerInvariant();
        return _byAccount.GetValueOrDefault(accountId)?
            .Where(s => string.Equals(domain, s.Domain, StringComparison.Ordinal) || domain.EndsWith("." + s.Domain, StringComparison.Ordinal))
            .MaxBy(s => s.Domain.Length);
    }

    private DkimSigner Open(Row row) => _opened.GetOrAdd((row.AccountId, row.Id), _ => new DkimSigner(
        row.Domain, row.Selector, DkimKey.FromPem(keys.Open(row.PrivateKey, Place(row.AccountId, row.Domain)))));

    private sealed record Row(long AccountId, long Id, string Domain, string Selector, byte[] PrivateKey);
}
