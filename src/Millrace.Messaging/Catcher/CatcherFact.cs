using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Catcher;

/// <summary>Tells the UI that the account's mail goes to the catcher, so that it shows the way there.</summary>
internal sealed class CatcherFact(NpgsqlDataSource database, IOptions<SmtpOptions> smtp) : ISessionFact
{
    public string Name => "mail_catcher";

    public async Task<bool> HoldsAsync(long accountId, CancellationToken cancellationToken)
    {
        if (smtp.Value.Endpoint is not null)
        {
            return false;
        }

        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return !await Sql.Of($"select exists (select 1 from messaging.smtp_settings where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);
    }
}
