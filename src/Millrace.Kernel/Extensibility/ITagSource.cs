using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>
/// Personalization tags of another module: deals, companies, orders, custom objects. One class, registered as a service; its tags then stand in the
/// editor's menu, in every template and in every condition. Asked once per batch of recipients, and only for the tags a template names.
/// </summary>
public interface ITagSource
{
    /// <summary>The tags there are in the account now, custom fields included. Names of the product's own tags, and of message variables, win over these.</summary>
    Task<IReadOnlyList<SourceTag>> TagsAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken);

    /// <summary>The values of the tags for the contacts, in one or a few statements for all of them. Who has none is left out.</summary>
    Task<IReadOnlyList<SourceTagValue>> ValuesAsync(NpgsqlTransaction transaction, TagQuestion question, CancellationToken cancellationToken);
}

/// <summary>What kind of text a tag's value is.</summary>
public enum SourceTagType
{
    Text,

    /// <summary>Line ends become line breaks in HTML.</summary>
    MultiLine,

    /// <summary>ISO 8601; takes arithmetic and formats.</summary>
    Date,
}

/// <param name="Name">Upper case letters, digits, <c>_</c> and <c>-</c>: what stands between the percent signs.</param>
/// <param name="Title">For people.</param>
/// <param name="Group">Its group in the menu.</param>
/// <param name="Example">A value it might have.</param>
/// <param name="Default">Said where the contact has no value and the place names no fallback.</param>
public sealed record SourceTag(string Name, string Title, string Group, string Example, SourceTagType Type = SourceTagType.Text, string? Default = null);

/// <param name="ContactIds">Each once.</param>
/// <param name="Names">Of this source's tags, each once.</param>
public sealed record TagQuestion(long AccountId, long[] ContactIds, IReadOnlyList<string> Names);

public readonly record struct SourceTagValue(long ContactId, string Name, string Value);
