using Ark.Web.Accounts;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Customers;

/// <summary>Who changes what belongs to one customer or, with no customer named, to all.</summary>
public static class Ownership
{
    /// <summary>Null if the actor may; what is for all customers takes somebody who sees all.</summary>
    public static Refusal? LacksAll(this Actor actor, long? customer) =>
        customer is null && actor.Customers is not null ? Refusal.Forbidden("What is for all customers is changed by those who see all customers.") : null;
}
