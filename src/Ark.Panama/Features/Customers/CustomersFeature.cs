namespace Ark.Panama.Features.Customers;

public static class CustomersFeature
{
    public static void MapCustomers(this RouteGroupBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");
        customers.MapGet("", ListCustomers.HandleAsync);
        customers.MapGet("/{id:long}", ListCustomers.OneAsync);
        customers.MapPost("", SaveCustomer.CreateAsync);
        customers.MapPut("/{id:long}", SaveCustomer.UpdateAsync);
    }
}
