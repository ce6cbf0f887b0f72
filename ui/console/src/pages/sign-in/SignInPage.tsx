import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { ApiError, messageOf } from "@/api/client";
import { sessionQuery, signIn } from "@/api/session";
import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Logo } from "@/components/Logo";
import { Notice } from "@/components/Notice";

export function SignInPage() {
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const passwordInput = useRef<HTMLInputElement>(null);
  const enter = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      router.history.push(next ? `/admin${next.replace(/^\/admin/, "")}` : "/admin/");
    },
    onError: () => {
      setPassword("");
      passwordInput.current?.focus();
    },
  });
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 p-4">
      <div className="flex items-center gap-2.5">
        <Logo className="text-accent size-7" />
        <span className="text-xl font-semibold tracking-tight">Busbar</span>
      </div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
        className="bg-panel border-line flex w-full max-w-88 flex-col gap-4 rounded-xl border p-6 shadow-sm"
      >
        <div>
          <h1 className="text-base font-semibold">Sign in to the console</h1>
          <p className="text-muted mt-0.5">For the operator of this server.</p>
        </div>
        {enter.isError && <Notice tone="bad">{sentence(enter.error)}</Notice>}
        <Field label="E-mail">
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <Input
              {...control}
              ref={passwordInput}
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button variant="primary" type="submit" busy={enter.isPending} disabled={email.trim() === "" || password === ""} className="h-9">
          Sign in
        </Button>
      </form>
      <p className="text-faint max-w-88 text-center text-xs">
        The first start prints these credentials, unless <code className="font-mono">ADMIN_EMAIL</code> and{" "}
        <code className="font-mono">ADMIN_PASSWORD</code> name them. <code className="font-mono">busbar admin create</code> sets new ones.
      </p>
    </main>
  );
}

function sentence(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) return "This e-mail and password do not belong together.";
  if (error instanceof ApiError && error.status === 429) {
    const wait = error.retryAfterSeconds;
    return `Too many attempts. Try again ${wait ? `in ${wait} seconds` : "in a moment"}.`;
  }
  return messageOf(error);
}
