using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Api.Users;

/// <summary>A role as v3 knows it: a group of users. The original's built-in administrators have the number 3, and clients count on it.</summary>
internal sealed record Group(long Id, Role Role, string Title, string Description)
{
    public static readonly Group[] All =
    [
        new(3, Role.Admin, "Admin", "May do everything."), new(4, Role.User, "User", "Works with contacts, messages and automations."),
    ];

    public static Group Of(string role) => Array.Find(All, g => EnumNames<Role>.NameOf(g.Role) == role) ?? All[^1];
}
