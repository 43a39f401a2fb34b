using System.Text.Json.Nodes;

namespace Millrace.Kernel.Extensibility;

/// <summary>
/// A trigger whose happening leaves a state behind: on a list, has a tag, a field has a value. So one can ask who is in that state already, and let those in
/// when the automation begins. Triggers of which nothing stays, such as events, and those that time sets off, do without.
/// </summary>
public interface IStandingTrigger
{
    /// <summary>The state as a tree of conditions, with ids.</summary>
    /// <returns>Null: settings under which nobody can be said to be in it already.</returns>
    JsonObject? Standing(object settings);
}
