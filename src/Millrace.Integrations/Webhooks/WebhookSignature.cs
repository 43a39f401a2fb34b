using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Kernel.Security;

namespace Millrace.Integrations.Webhooks;

/// <summary>Signs deliveries by the Standard Webhooks rules: HMAC-SHA256 over <c>id.timestamp.body</c>, with a secret of the account's own.</summary>
internal sealed class WebhookSignature(KeyRing keys)
{
    /// <summary>What the receiver checks with; shown on the settings page.</summary>
    public string SecretOf(long accountId) => "whsec_" + Convert.ToBase64String(Key(accountId));

    public string Sign(long accountId, string id, long timestamp, string body) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Key(accountId), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"))));

    private byte[] Key(long accountId) => keys.Derive(string.Create(CultureInfo.InvariantCulture, $"webhook of account {accountId}"));
}
