using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>The custom fields of an account, for modules that need one of a certain kind.</summary>
public interface IFields
{
    /// <summary>Kinds of values a field can be made for: <c>text</c>, <c>date</c>, <c>number</c> and so on.</summary>
    IReadOnlyCollection<string> Types { get; }

    /// <summary>The custom field of this name, ignoring case; null: there is none.</summary>
    Task<CustomField?> FindAsync(NpgsqlTransaction transaction, long accountId, string name, CancellationToken cancellationToken);

    /// <summary>Makes a field. A taken name or key breaks <c>field_name_unique</c> or <c>field_key_unique</c> (409).</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    Task<CustomField> CreateAsync(
        NpgsqlTransaction transaction, long accountId, string name, string type, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A custom field.</summary>
/// <param name="Key">Its personalization tag without percent signs.</param>
/// <param name="Type">What it holds.</param>
public sealed record CustomField(long Id, string Key, string Type);
