namespace Millrace.Kernel.Security;

/// <summary>Who is asking, and for which account (tenant). Filled by the surface's authentication; never read from a body or a header.</summary>
public sealed class CurrentAccount
{
    private long? _id;

    /// <summary>The account of the session or key.</summary>
    public long Id => _id ?? throw new InvalidOperationException("This request has no account; its route should have asked for a permission.");

    public bool IsKnown => _id is not null;

    /// <summary>The user behind the request.</summary>
    public long UserId { get; private set; }

    public Role Role { get; private set; }

    /// <summary>IANA name of the account's time zone.</summary>
    public string TimeZone { get; private set; } = "UTC";

    public bool May(Permission permission) => IsKnown && Role.Grants(permission);

    public void Set(long accountId, long userId, Role role, string timeZone)
    {
        _id = accountId;
        UserId = userId;
        Role = role;
        TimeZone = timeZone;
    }
}
