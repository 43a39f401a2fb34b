using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>Where a merged text goes, hence how values are encoded.</summary>
public enum MergePlace
{
    /// <summary>Values go in as they are: notes, tasks, text messages.</summary>
    Text,

    /// <summary>One line without control characters: titles, subjects.</summary>
    Line,

    /// <summary>A whole URL: values are percent-encoded and never reach scheme, host or port.</summary>
    Url,

    /// <summary>A piece of HTML: values are encoded by where they stand in it.</summary>
    Html,
}

/// <summary>Personalization for modules that write texts of their own: notes, tasks, titles, the URLs of webhooks.</summary>
public interface IMerge
{
    /// <summary>What is wrong with the template; null when it can be used. Unknown tags are no fault, they are empty.</summary>
    string? Problem(string template, MergePlace place);

    /// <summary>The template with a letter in the place of each tag: what it looks like once merged.</summary>
    string Sample(string template);

    /// <summary>The text for each of the contacts; contacts that are gone are left out. A few statements for all of them.</summary>
    /// <param name="now">Product time.</param>
    Task<Dictionary<long, string>> MergeAsync(
        NpgsqlTransaction transaction, long accountId, string template, MergePlace place, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken);
}
