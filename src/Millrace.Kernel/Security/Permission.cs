using Microsoft.AspNetCore.Builder;

namespace Millrace.Kernel.Security;

/// <summary>What a route asks for. Every route declares one, or <c>AllowAnonymous</c>; a test fails on a route that does neither.</summary>
public enum Permission
{
    /// <summary>Any logged-in user.</summary>
    Use,
    ViewContacts,
    ManageContacts,
    ImportContacts,
    ExportContacts,
    ManageLists,
    ManageTags,
    ManageFields,
    ViewAutomations,
    ManageAutomations,
    ViewMessages,
    ManageMessages,
    ViewCaughtMail,
    ManageSending,
    ManageApiKeys,
    ManageUsers,
    ManageAccount,
}

/// <summary>A user's role in the account.</summary>
public enum Role
{
    User,
    Admin,
}

public static class RolePermissions
{
    private static readonly Permission[] AdminOnly =
        [Permission.ManageSending, Permission.ManageApiKeys, Permission.ManageUsers, Permission.ManageAccount, Permission.ExportContacts];

    public static bool Grants(this Role role, Permission permission) => role == Role.Admin || !AdminOnly.Contains(permission);
}

/// <summary>Metadata of a route: what it asks for.</summary>
public sealed record PermissionRequired(Permission Permission);

public static class PermissionRoutes
{
    public static TBuilder RequirePermission<TBuilder>(this TBuilder route, Permission permission)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new PermissionRequired(permission));
}
