using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Sending;

[OnboardingStep("first_mail", Title = "See your first mail", Url = "/caught-mail", Order = 40)]
internal sealed class FirstMail : OnboardingStep
{
    public override Task<bool> IsDoneAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from messaging.send where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);
}
