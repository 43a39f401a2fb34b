using System.ComponentModel;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Automations.Steps;

/// <summary>Stands in for site messages until this server has them: a document that holds one is kept, and publishing says why it cannot run.</summary>
[AutomationAction("site_message.show", Title = "Show a site message", Group = "Sending", Icon = "message", IsPlanned = true,
    Description = "Not available yet: this server has no site messages.")]
internal sealed class ShowSiteMessageAction : AutomationAction<ShowSiteMessageAction.Settings>
{
    internal sealed record Settings
    {
        [Description("The message."), MaxCharacters(10_000)]
        public string? Message { get; init; }

        [Description("Pages to show it on.")]
        public string[]? Urls { get; init; }
    }

    public override Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken) =>
        Task.FromResult(batch.All(StepOutcome.Skip("skipped_not_available", "This server has no site messages yet.")));

    protected override Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StepProblem>>(
        [new StepProblem("type", "not_available", "This server has no site messages yet. Take the step out to publish.", IsWarning: false)]);
}
