namespace Millrace.Accounts.Contracts;

/// <summary>What other modules need to know of an account. Cached for a second.</summary>
public interface IAccountSettings
{
    Task<AccountSettings> GetAsync(long accountId, CancellationToken cancellationToken);
}

/// <param name="TimeZone">IANA name.</param>
/// <param name="SenderName">Company name at the foot of mails.</param>
/// <param name="SenderEmail">Default from address; may be empty.</param>
/// <param name="SenderAddress">Postal address at the foot of mails; lines divided by line feeds.</param>
/// <param name="EventKey">Key of the event tracking endpoint.</param>
public sealed record AccountSettings(
    long Id, string Name, string TimeZone, string SenderName, string SenderEmail, string SenderAddress, string EventKey, DateTimeOffset CreatedAt);
