using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Senders;

[OnboardingStep("sender_domain", Title = "Add your sender domain and its DKIM record", Url = "/settings/domains", Order = 50)]
internal sealed class FirstDomain : OnboardingStep
{
    public override Task<bool> IsDoneAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from messaging.sender_domain where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);
}
