using System.ComponentModel;
using System.Text.Json.Nodes;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary>Starts when a contact becomes active on a list. Without a list in the settings, any list does.</summary>
[AutomationTrigger(
    "list.subscribed", Title = "Subscribes to a list", Group = "Contacts", Description = "Starts when a contact becomes active on a list; with double opt-in, when it is confirmed.")]
internal sealed class ListSubscribedTrigger : AutomationTrigger<ListSubscribed, ListSubscribedTrigger.Settings>, IStandingTrigger
{
    internal sealed record Settings
    {
        [Description("Leave empty for any list."), Picker("list")]
        public long? List { get; init; }
    }

    public override bool Matches(ListSubscribed activity, Settings settings) => settings.List is null || settings.List == activity.ListId;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<IReadOnlyList<long>>> ListsOfAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<IActivity> activities, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IReadOnlyList<long>>>([.. activities.Select(a => (IReadOnlyList<long>)[((ListSubscribed)a).ListId])]);

    /// <summary>Who is on the list, or any.</summary>
    public JsonObject Standing(object settings) => ((Settings)settings).List is { } list
        ? new() { ["field"] = FormattableString.Invariant($"list:{list}"), ["op"] = "is", ["value"] = "active" }
        : new() { ["field"] = "subscription.status", ["op"] = "is", ["value"] = "active" };

    protected override IReadOnlyList<long> ListsOf(Settings settings) => settings.List is { } list ? [list] : [];
}
