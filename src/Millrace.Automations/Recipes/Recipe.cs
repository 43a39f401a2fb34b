using System.Text.Json.Nodes;

namespace Millrace.Automations.Recipes;

/// <summary>A ready-made automation: a document in the format of import and export, and what people choose before it becomes theirs.</summary>
/// <param name="Key">Name of its file.</param>
/// <param name="Summary">What it does, in two or three sentences.</param>
/// <param name="Document">Triggers and steps, with names. Shared: clone it before changing it.</param>
internal sealed record Recipe(string Key, string Name, string Category, string Summary, IReadOnlyList<RecipeAsk> Asks, JsonObject Document);

/// <summary>Something of the document that belongs to the account and not to the recipe.</summary>
/// <param name="Value">What stands in the document; also the proposal.</param>
/// <param name="Label">What it is for.</param>
/// <param name="Type">Of a field: what it must hold.</param>
internal sealed record RecipeAsk(RecipeAskKind Kind, string Value, string Label, string? Type);

internal enum RecipeAskKind
{
    List,
    Tag,
    Field,
    Event,

    /// <summary>A colleague, by e-mail address.</summary>
    User,

    /// <summary>The name under the mails.</summary>
    Signer,

    /// <summary>An address that mails link to.</summary>
    Link,

    /// <summary>A word in the mails, such as the code of a coupon.</summary>
    Text,
}
