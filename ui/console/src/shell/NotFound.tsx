import { Link } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";

export function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState icon={MapPinOff} title="There is no such page">
        The address may be mistyped, or it belongs to a newer version.{" "}
        <Link to="/" className="text-accent underline underline-offset-2">
          Go to the overview
        </Link>
      </EmptyState>
    </>
  );
}
