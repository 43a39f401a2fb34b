namespace Millrace.Accounts.Contracts;

/// <summary>Facts of other modules that belong into the UI's session, each added by the module that knows it.</summary>
public interface ISessionFact
{
    /// <summary>snake_case member name.</summary>
    string Name { get; }

    Task<bool> HoldsAsync(long accountId, CancellationToken cancellationToken);
}
