namespace Millrace.Messaging.Contracts;

/// <summary>HTML of mails for modules that write some of their own.</summary>
public interface IMailHtml
{
    /// <summary>A piece of a body from a person, made safe: no scripts, no forms, no frames, no odd schemes, no style sheets.</summary>
    /// <exception cref="Kernel.Errors.InvalidInputException">At <paramref name="path"/>: too large, too deep, or it never comes to rest.</exception>
    string Clean(string html, string path);

    /// <summary>The text part of it.</summary>
    string ToText(string html);

    /// <summary>Text from outside as it may be stored and shown: cut, without control characters but line ends.</summary>
    string CleanText(string text, int length);

    /// <summary>Puts something else in the place of web links; all others stay.</summary>
    /// <param name="target">Null leaves the link.</param>
    (string Html, string Text) ReplaceLinks(string html, string text, Func<string, string?> target);

    /// <summary>Whether a stored link may be followed.</summary>
    bool MayFollow(string url);
}

/// <summary>Base of the addresses in mails.</summary>
public interface IPublicAddress
{
    /// <summary>Scheme and host, perhaps with a path; no slash at the end.</summary>
    string Url { get; }
}

/// <summary>Who an account may send as.</summary>
public interface ISenderCheck
{
    /// <summary>Null when the sender is fine; a warning where it only may be taken for spam.</summary>
    Task<Kernel.Extensibility.StepProblem?> FindProblemAsync(
        Npgsql.NpgsqlTransaction transaction, long accountId, string fromAddress, string path, CancellationToken cancellationToken);
}
