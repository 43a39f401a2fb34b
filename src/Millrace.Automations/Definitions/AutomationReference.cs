using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

[ReferenceSource("automation", Title = "Automation")]
internal sealed class AutomationReference : NamedRows
{
    protected override Sql Rows(long accountId) =>
        Sql.Of($"select id, name, status from automations.automation where account_id = {accountId} and deleted_at is null");
}
