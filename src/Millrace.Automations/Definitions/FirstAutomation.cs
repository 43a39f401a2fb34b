using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

[OnboardingStep("first_automation", Title = "Activate your first automation", Url = "/automations", Order = 30)]
internal sealed class FirstAutomation : OnboardingStep
{
    public override Task<bool> IsDoneAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from automations.automation where account_id = {accountId} and published_version is not null)")
            .FirstAsync<bool>(work, cancellationToken);
}
